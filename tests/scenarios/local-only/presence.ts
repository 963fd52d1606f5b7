// Occupants whose connection died unnoticed: the next action in the room removes them and tells the others.

import assert from "node:assert/strict";
import type { Room } from "../../../client/src/index.ts";
import type { RawSocket } from "../../support/raw-socket.ts";
import { type Guest, type Stage, withRetries } from "../../support/stage.ts";
import { until } from "../../support/until.ts";
import { localScenario } from "./admin.ts";

/** The limits that docs/protocol.md documents. */
const CONNECTIONS_PER_ROOM = 1_000;
const ROOMS_PER_CONNECTION = 50;

interface Fixtures {
  readonly stage: Stage;
  readonly owner: Guest;
  /** Has sent one message. */
  readonly ada: Room;
  /** Has joined too, but without the client, which would join again when the room is cleared. */
  readonly observer: RawSocket;
}

const actions: Record<string, (fixtures: Fixtures) => unknown> = {
  join: ({ stage, ada }) => stage.join(ada.id, "Bob"),
  send: ({ ada }) => ada.send("Anybody there?"),
  edit: ({ ada }) => ada.edit(ada.messages[0] ?? {}, "Hello?"),
  delete: ({ ada }) => ada.delete(ada.messages[0] ?? {}),
  react: ({ ada }) => ada.react(ada.messages[0] ?? {}, "👻", true),
  typing: ({ ada }) => ada.sendTyping(),
  "update-room": ({ owner, ada }) => owner.api.updateRoom(ada.id, { name: "Renamed" }),
  moderate: ({ owner, ada }) => owner.api.moderate(ada.id, { action: "lock", on: true }),
  "clear-room": ({ owner, ada }) => owner.api.clearRoom(ada.id),
};

async function setUp(stage: Stage): Promise<Fixtures> {
  const owner = await stage.guest("Owner");
  const { roomId: room } = await stage.roomOf(owner);
  const ada = await stage.join(room, "Ada");
  ada.send("Hello");
  await until("Ada's message is sent", () => ada.messages[0]?.status === "sent");
  const observer = await stage.socket();
  observer.send({ action: "join", room });
  await observer.next("joined");
  return { stage, owner, ada, observer };
}

const seesDeparture = (observer: RawSocket, name: string) =>
  observer.next("presence", ({ event, people }) => event === "left" && people.some((person) => person.name === name));

export const scenarios = [
  ...Object.entries(actions).map(([route, perform]) =>
    localScenario(
      `The next ${route} removes an occupant whose connection died unnoticed`,
      [route],
      async (stage, admin) => {
        const fixtures = await setUp(stage);
        const { ada, observer } = fixtures;
        await admin.addDeadOccupant(ada.id, "Gone");
        await perform(fixtures);
        await seesDeparture(observer, "Gone");
        assert.equal(await admin.countOccupantRows(ada.id), route === "join" ? 3 : 2);
      },
    ),
  ),

  localScenario(
    "Erasing a person's messages removes an occupant whose connection died unnoticed",
    ["erase-me"],
    async (stage, admin) => {
      const { ada, observer } = await setUp(stage);
      const bob = await stage.guest("Bob");
      const room = await stage.tab(bob).client.join(ada.id);
      room.send("Hello");
      await until("Bob's message is sent", () => room.messages.some(({ own, status }) => own && status === "sent"));
      // Leaving, like the end of his connection, would remove it too.
      await room.leave();
      await admin.addDeadOccupant(ada.id, "Gone");
      await withRetries(() => bob.api.eraseMe({ messages: true }));
      await seesDeparture(observer, "Gone");
    },
  ),

  localScenario("The next message removes an occupant whose lease has ended", ["send"], async (stage, admin) => {
    const { ada, observer } = await setUp(stage);
    await admin.addDeadOccupant(ada.id, "Expired", { leaseMs: -1 });
    assert.equal((await stage.api.room(ada.id)).people, 2);
    ada.send("Anybody there?");
    await seesDeparture(observer, "Expired");
    assert.equal(await admin.countOccupantRows(ada.id), 2);
  }),

  localScenario(
    "In a quiet room, the next ping removes an occupant whose lease has ended",
    ["ping"],
    async (stage, admin) => {
      const { ada, observer } = await setUp(stage);
      await admin.addDeadOccupant(ada.id, "Expired", { leaseMs: -1 });
      observer.send({ action: "ping" });
      assert.equal((await observer.next("pong")).rooms[ada.id]?.count, 2);
      await seesDeparture(observer, "Expired");
      assert.equal(await admin.countOccupantRows(ada.id), 2);
    },
  ),

  localScenario(
    "An expired room does not count toward the rooms that a connection has joined",
    ["join"],
    async (stage, admin) => {
      const socket = await stage.socket();
      let room = "";
      for (let n = 0; n < ROOMS_PER_CONNECTION; n++) {
        room = (await stage.room()).roomId;
        socket.send({ action: "join", room });
        await socket.next("joined");
      }
      await admin.expireRoom(room);
      const { roomId: another } = await stage.room();
      socket.send({ action: "join", room: another, id: "another" });
      assert.equal((await socket.next("joined", ({ id }) => id === "another")).room, another);
    },
  ),

  localScenario("A full room refuses newcomers, but its occupants can join again", ["join"], async (stage, admin) => {
    const { ada, observer } = await setUp(stage);
    const removeOccupants = await admin.addDeadOccupants(ada.id, CONNECTIONS_PER_ROOM - 2);
    await assert.rejects(stage.join(ada.id, "Bob"), { code: "roomFull" });
    assert.equal(await admin.countOccupantRows(ada.id), CONNECTIONS_PER_ROOM);
    observer.send({ action: "join", room: ada.id });
    await observer.next("joined", ({ count }) => count === CONNECTIONS_PER_ROOM);
    await removeOccupants();
    await stage.join(ada.id, "Bob");
  }),

  localScenario("Closing a room removes all its occupants", ["close-room"], async (stage, admin) => {
    const { owner, ada } = await setUp(stage);
    await admin.addDeadOccupant(ada.id, "Gone");
    await owner.api.closeRoom(ada.id);
    assert.equal(await admin.countOccupantRows(ada.id), 0);
  }),

  localScenario("A pong leaves out an expired room", ["ping"], async (stage, admin) => {
    const { roomId: room } = await stage.room();
    const socket = await stage.socket();
    socket.send({ action: "join", room });
    await socket.next("joined");
    await admin.expireRoom(room);
    socket.send({ action: "ping" });
    assert.deepEqual((await socket.next("pong")).rooms, {});
    socket.send({ action: "join", room });
    assert.equal((await socket.next("error")).code, "roomClosed");
  }),
];
