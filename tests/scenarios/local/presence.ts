// Who has died without a word: whoever does something next finds out, and tells the others.

import assert from "node:assert/strict";
import type { Room } from "../../../client/src/index.ts";
import type { RawSocket } from "../../support/raw-socket.ts";
import type { Guest, Stage } from "../../support/stage.ts";
import { until } from "../../support/until.ts";
import { localScenario } from "./scene.ts";

/** As in docs/protocol. */
const CONNECTIONS_PER_ROOM = 1_000;
const ROOMS_PER_CONNECTION = 50;

interface Company {
  readonly stage: Stage;
  readonly owner: Guest;
  /** Has said one message. */
  readonly ada: Room;
  /** In the room too, without the client, which joins again where a log starts anew. */
  readonly witness: RawSocket;
}

const acts: Record<string, (company: Company) => unknown> = {
  join: ({ stage, ada }) => stage.join(ada.id, "Bob"),
  send: ({ ada }) => ada.send("Anybody there?"),
  edit: ({ ada }) => ada.edit(ada.messages[0] ?? {}, "Hello?"),
  delete: ({ ada }) => ada.delete(ada.messages[0] ?? {}),
  react: ({ ada }) => ada.react(ada.messages[0] ?? {}, "👻", true),
  typing: ({ ada }) => ada.sendTyping(),
  "update-room": ({ owner, ada }) => owner.api.updateRoom(ada.id, { name: "Haunted" }),
  "clear-room": ({ owner, ada }) => owner.api.clearRoom(ada.id),
};

async function gather(stage: Stage): Promise<Company> {
  const owner = await stage.guest("Owner");
  const { roomId: room } = await stage.roomOf(owner);
  const ada = await stage.join(room, "Ada");
  ada.send("Hello");
  await until("Ada's message is sent", () => ada.messages[0]?.status === "sent");
  const witness = await stage.socket();
  witness.send({ action: "join", room });
  await witness.next("joined");
  return { stage, owner, ada, witness };
}

const sees = (witness: RawSocket, name: string) =>
  witness.next("presence", ({ event, people }) => event === "left" && people.some((person) => person.name === name));

export const scenarios = [
  ...Object.entries(acts).map(([route, act]) =>
    localScenario(`Who died without a word is gone with the next ${route}`, [route], async (stage, scene) => {
      const company = await gather(stage);
      const { ada, witness } = company;
      await scene.ghost(ada.id, "Ghost");
      await act(company);
      await sees(witness, "Ghost");
      assert.equal(await scene.rows(ada.id), route === "join" ? 3 : 2);
    }),
  ),

  localScenario("Whose lease has ended is gone with the next message", ["send"], async (stage, scene) => {
    const { ada, witness } = await gather(stage);
    await scene.ghost(ada.id, "Sleeper", { leaseMs: -1 });
    assert.equal((await stage.api.room(ada.id)).people, 2);
    ada.send("Anybody there?");
    await sees(witness, "Sleeper");
    assert.equal(await scene.rows(ada.id), 2);
  }),

  localScenario(
    "Where nobody talks, whose lease has ended is gone with the next ping",
    ["ping"],
    async (stage, scene) => {
      const { ada, witness } = await gather(stage);
      await scene.ghost(ada.id, "Sleeper", { leaseMs: -1 });
      witness.send({ action: "ping" });
      assert.equal((await witness.next("pong")).rooms[ada.id]?.count, 2);
      await sees(witness, "Sleeper");
      assert.equal(await scene.rows(ada.id), 2);
    },
  ),

  localScenario("A room that is over takes no place when another one is joined", ["join"], async (stage, scene) => {
    const socket = await stage.socket();
    let room = "";
    for (let n = 0; n < ROOMS_PER_CONNECTION; n++) {
      room = (await stage.room()).roomId;
      socket.send({ action: "join", room });
      await socket.next("joined");
    }
    await scene.expire(room);
    const { roomId: another } = await stage.room();
    socket.send({ action: "join", room: another, id: "another" });
    assert.equal((await socket.next("joined", ({ id }) => id === "another")).room, another);
  }),

  localScenario(
    "Nobody comes into a room that is full; who is in it may join again",
    ["join"],
    async (stage, scene) => {
      const { ada, witness } = await gather(stage);
      const scatter = await scene.crowd(ada.id, CONNECTIONS_PER_ROOM - 2);
      await assert.rejects(stage.join(ada.id, "Bob"), { code: "roomFull" });
      assert.equal(await scene.rows(ada.id), CONNECTIONS_PER_ROOM);
      witness.send({ action: "join", room: ada.id });
      await witness.next("joined", ({ count }) => count === CONNECTIONS_PER_ROOM);
      await scatter();
      await stage.join(ada.id, "Bob");
    },
  ),

  localScenario("A room that closes has nobody in it any more", ["close-room"], async (stage, scene) => {
    const { owner, ada } = await gather(stage);
    await scene.ghost(ada.id, "Ghost");
    await owner.api.closeRoom(ada.id);
    assert.equal(await scene.rows(ada.id), 0);
  }),

  localScenario("A ping forgets a room whose last day is over", ["ping"], async (stage, scene) => {
    const { roomId: room } = await stage.room();
    const socket = await stage.socket();
    socket.send({ action: "join", room });
    await socket.next("joined");
    await scene.expire(room);
    socket.send({ action: "ping" });
    assert.deepEqual((await socket.next("pong")).rooms, {});
    socket.send({ action: "join", room });
    assert.equal((await socket.next("error")).code, "roomClosed");
  }),
];
