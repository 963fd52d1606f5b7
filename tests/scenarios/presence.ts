// Presence: people who join, leave, rename themselves, lose their connection or type.

import assert from "node:assert/strict";
import type { Room } from "../../client/src/index.ts";
import { names } from "../support/room.ts";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";

/** Collects the presence events of a room: name, event and count. */
function collectPresence(room: Room): string[] {
  const events: string[] = [];
  room.on("presence", ({ event, people, count }) => {
    events.push(`${people.map(({ name }) => name)} ${event}, ${count}`);
  });
  return events;
}

const eventArrives = (events: string[], expected: string) =>
  until(`"${expected}" arrives; so far: ${events}`, () => events.includes(expected));

export const scenarios = [
  scenario(
    "A client that changes over to a new socket neither leaves nor joins, misses nothing and repeats nothing",
    ["join", "send", "connect", "disconnect", "edit"],
    async (stage) => {
      const { roomId } = await stage.room();
      const bob = await stage.join(roomId, "Bob");
      const tab = stage.tab(await stage.guest("Ada"), { changeoverMs: [300, 400] });
      const ada = await tab.client.join(roomId);
      await until("Bob sees Ada", () => bob.count === 2);
      const unexpected: string[] = [];
      bob.on("presence", ({ event, people }) => unexpected.push(`${people.map(({ name }) => name)} ${event}`));
      tab.client.on("state", (state) => unexpected.push(state));
      ada.on("discontinuity", () => unexpected.push("discontinuity"));
      const received: number[] = [];
      ada.on("message", ({ seq }) => received.push(seq ?? 0));
      let sent = 0;
      while (tab.sockets < 4) {
        for (const room of [ada, bob]) room.send(`${room.you.name} ${++sent}`);
        await until("both have all messages", () =>
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
      assert.deepEqual(received, seqs);
      assert.deepEqual(unexpected, []);
      assert.deepEqual([bob.count, ada.count], [2, 2]);
    },
  ),

  scenario(
    "Everyone in a room sees who joins, leaves and changes their name, with the count",
    ["connect", "join", "leave", "get-room"],
    async (stage) => {
      const { roomId } = await stage.room();
      const ada = await stage.join(roomId, "Ada");
      assert.deepEqual([names(ada), ada.count], [["Ada"], 1]);
      const events = collectPresence(ada);
      const bob = await stage.join(roomId, "Bob");
      assert.deepEqual([names(bob), bob.count], [["Ada", "Bob"], 2]);
      await eventArrives(events, "Bob joined, 2");
      assert.equal((await stage.api.room(roomId)).people, 2);
      await bob.rename("Robert");
      await eventArrives(events, "Robert renamed, 2");
      assert.deepEqual([names(ada), bob.you.name], [["Ada", "Robert"], "Robert"]);
      await bob.leave();
      await eventArrives(events, "Robert left, 1");
      assert.deepEqual([names(ada), ada.count], [["Ada"], 1]);
      assert.equal((await stage.api.room(roomId)).people, 1);
    },
  ),

  scenario("A new name applies to all tabs of a person", ["join", "send"], async (stage) => {
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

  scenario(
    "A connection that has left receives nothing more and cannot send",
    ["leave", "send", "history"],
    async (stage) => {
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
    },
  ),

  scenario("Closing the tab removes the person from the room", ["disconnect"], async (stage) => {
    const { roomId } = await stage.room();
    const ada = await stage.join(roomId, "Ada");
    const events = collectPresence(ada);
    const tab = stage.tab();
    await tab.client.join(roomId, { name: "Bob" });
    await eventArrives(events, "Bob joined, 2");
    tab.client.close();
    await eventArrives(events, "Bob left, 1");
    assert.deepEqual(names(ada), ["Ada"]);
  }),

  scenario(
    "A socket that ends without a close frame removes its person from the room",
    ["disconnect"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const ada = await stage.join(room, "Ada");
      const events = collectPresence(ada);
      const socket = await stage.socket();
      socket.send({ action: "join", room, name: "Bob" });
      await socket.next("joined");
      await eventArrives(events, "Bob joined, 2");
      socket.terminate();
      await eventArrives(events, "Bob left, 1");
    },
  ),

  scenario("A person leaves when their last tab does", ["disconnect"], async (stage) => {
    const { roomId } = await stage.room();
    const ada = await stage.join(roomId, "Ada");
    const events = collectPresence(ada);
    const bob = await stage.guest("Bob");
    const [one, two] = [stage.tab(bob), stage.tab(bob)];
    await one.client.join(roomId);
    await two.client.join(roomId);
    one.client.close();
    two.client.close();
    await eventArrives(events, "Bob left, 1");
    assert.deepEqual(events, ["Bob joined, 2", "Bob left, 1"]);
  }),

  scenario("Others see who is typing until the message arrives", ["typing", "send"], async (stage) => {
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
