// Who is there: coming, going, dying connections, typing.

import assert from "node:assert/strict";
import type { Room } from "../../client/src/index.ts";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";

const names = (room: Room) => room.people.map(({ name }) => name).sort();

/** Follows what a room is told about people: event, name and count. */
function follow(room: Room): string[] {
  const seen: string[] = [];
  room.on("presence", ({ event, people, count }) => {
    seen.push(`${people.map(({ name }) => name)} ${event}, ${count}`);
  });
  return seen;
}

const told = (seen: string[], line: string) => until(`"${line}" is told; so far: ${seen}`, () => seen.includes(line));

export const scenarios = [
  scenario(
    "Who changes from one socket to the next does not come or go, and misses and repeats nothing",
    ["join", "send", "connect", "disconnect", "edit"],
    async (stage) => {
      const { roomId } = await stage.room();
      const bob = await stage.join(roomId, "Bob");
      const tab = stage.tab(await stage.guest("Ada"), { changeoverMs: [300, 400] });
      const ada = await tab.client.join(roomId);
      await until("Bob sees Ada", () => bob.count === 2);
      const told: string[] = [];
      bob.on("presence", ({ event, people }) => told.push(`${people.map(({ name }) => name)} ${event}`));
      tab.client.on("state", (state) => told.push(state));
      ada.on("discontinuity", () => told.push("discontinuity"));
      const arrived: number[] = [];
      ada.on("message", ({ seq }) => arrived.push(seq ?? 0));
      let sent = 0;
      while (tab.sockets < 4) {
        for (const room of [ada, bob]) room.send(`${room.you.name} ${++sent}`);
        await until("both have it", () =>
          [ada, bob].every((room) => room.messages.filter(({ status }) => status === "sent").length === sent),
        );
      }
      const own = ada.messages.findIndex((message) => message.own);
      await ada.edit(ada.messages[own] ?? {}, "Edited");
      await until("Bob sees it", () => bob.messages[own]?.text === "Edited");
      await until("Ada sees it", () => ada.messages[own]?.text === "Edited");
      const seqs = bob.messages.map(({ seq }) => seq);
      assert.deepEqual(
        ada.messages.map(({ text }) => text),
        bob.messages.map(({ text }) => text),
      );
      assert.deepEqual(arrived, seqs);
      assert.deepEqual(told, []);
      assert.deepEqual([bob.count, ada.count], [2, 2]);
    },
  ),

  scenario(
    "People see who comes, who goes and who changes their name, with the count",
    ["connect", "join", "leave", "get-room"],
    async (stage) => {
      const { roomId } = await stage.room();
      const ada = await stage.join(roomId, "Ada");
      assert.deepEqual([names(ada), ada.count], [["Ada"], 1]);
      const seen = follow(ada);
      const bob = await stage.join(roomId, "Bob");
      assert.deepEqual([names(bob), bob.count], [["Ada", "Bob"], 2]);
      await told(seen, "Bob joined, 2");
      assert.equal((await stage.api.room(roomId)).people, 2);
      await bob.rename("Robert");
      await told(seen, "Robert renamed, 2");
      assert.deepEqual([names(ada), bob.you.name], [["Ada", "Robert"], "Robert"]);
      await bob.leave();
      await told(seen, "Robert left, 1");
      assert.deepEqual([names(ada), ada.count], [["Ada"], 1]);
      assert.equal((await stage.api.room(roomId)).people, 1);
    },
  ),

  scenario("A new name goes for all tabs of a person", ["join", "send"], async (stage) => {
    const { roomId } = await stage.room();
    const guest = await stage.guest("Ada");
    const one = await stage.tab(guest).client.join(roomId);
    const two = await stage.tab(guest).client.join(roomId);
    await one.rename("Grace");
    await until("the other tab has the name", () => two.you.name === "Grace");
    two.send("Who am I?");
    await until("the message is sent", () => one.messages[0]?.status === "sent");
    assert.equal(one.messages[0]?.from.name, "Grace");
    assert.deepEqual(names(await stage.join(roomId, "Bob")), ["Bob", "Grace"]);
  }),

  scenario("Who has left gets nothing more, and cannot send", ["leave", "send", "history"], async (stage) => {
    const { roomId: room } = await stage.room();
    const ada = await stage.join(room, "Ada");
    const socket = await stage.socket();
    socket.send({ action: "join", room });
    await socket.next("joined");
    socket.send({ action: "leave", room, id: "bye" });
    assert.deepEqual(await socket.next("left"), { type: "left", room, reason: "left", id: "bye" });
    ada.send("Among ourselves");
    await until("Ada's message is sent", () => ada.messages[0]?.status === "sent");
    socket.send({ action: "send", room, id: "late", text: "Me too" });
    assert.equal((await socket.next("error", ({ id }) => id === "late")).code, "notJoined");
    socket.send({ action: "history", room, id: "peek" });
    assert.equal((await socket.next("error", ({ id }) => id === "peek")).code, "notJoined");
    assert.deepEqual(socket.unread, []);
  }),

  scenario("Closing the tab takes a person out of the room", ["disconnect"], async (stage) => {
    const { roomId } = await stage.room();
    const ada = await stage.join(roomId, "Ada");
    const seen = follow(ada);
    const tab = stage.tab();
    await tab.client.join(roomId, { name: "Bob" });
    await told(seen, "Bob joined, 2");
    tab.client.close();
    await told(seen, "Bob left, 1");
    assert.deepEqual(names(ada), ["Ada"]);
  }),

  scenario("A socket that dies without a word takes its person out of the room", ["disconnect"], async (stage) => {
    const { roomId: room } = await stage.room();
    const ada = await stage.join(room, "Ada");
    const seen = follow(ada);
    const socket = await stage.socket();
    socket.send({ action: "join", room, name: "Bob" });
    await socket.next("joined");
    await told(seen, "Bob joined, 2");
    socket.die();
    await told(seen, "Bob left, 1");
  }),

  scenario("A person is gone when the last of their tabs is", ["disconnect"], async (stage) => {
    const { roomId } = await stage.room();
    const ada = await stage.join(roomId, "Ada");
    const seen = follow(ada);
    const bob = await stage.guest("Bob");
    const [one, two] = [stage.tab(bob), stage.tab(bob)];
    await one.client.join(roomId);
    await two.client.join(roomId);
    one.client.close();
    two.client.close();
    await told(seen, "Bob left, 1");
    assert.deepEqual(seen, ["Bob joined, 2", "Bob left, 1"]);
  }),

  scenario("The others see who is typing, and that it ends with the message", ["typing", "send"], async (stage) => {
    const { roomId } = await stage.room();
    const ada = await stage.join(roomId, "Ada");
    const bob = await stage.join(roomId, "Bob");
    bob.sendTyping();
    await until("Ada sees Bob typing", () => ada.typing.some(({ name }) => name === "Bob"));
    assert.deepEqual(bob.typing, []);
    bob.send("Done");
    await until("Ada has the message", () => ada.messages.length === 1);
    assert.deepEqual(ada.typing, []);
  }),
];
