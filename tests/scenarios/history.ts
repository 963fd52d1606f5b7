// History: pages in both directions, catch-up after a lost connection, the newest numbers in a pong.

import assert from "node:assert/strict";
import { digest } from "../../client/src/digest.ts";
import type { LogEvent } from "../../client/src/index.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";

const seqs = (page: { events: readonly LogEvent[] }) => page.events.map(({ seq }) => seq);
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Joins and sends the texts "1" to `count`, waiting for each acknowledgement. */
async function sendNumbers(socket: RawSocket, room: string, count: number): Promise<void> {
  socket.send({ action: "join", room, name: "Ada" });
  await socket.next("joined");
  for (const n of numbers(1, count)) {
    socket.send({ action: "send", room, id: String(n), text: String(n) });
    await socket.next("ack");
  }
}

export const scenarios = [
  scenario(
    "History is paginated in both directions, with the same pages over WebSocket and HTTP",
    ["history", "list-messages", "send"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const socket = await stage.socket();
      await sendNumbers(socket, room, 12);
      const pages = [
        { query: {}, from: 1, to: 12 },
        { query: { limit: 5 }, from: 8, to: 12 },
        { query: { before: 8, limit: 5 }, from: 3, to: 7 },
        { query: { before: 3, limit: 5 }, from: 1, to: 2 },
        { query: { before: 1, limit: 5 }, from: 1, to: 0 },
        { query: { after: 0, limit: 5 }, from: 1, to: 5 },
        { query: { after: 10, limit: 5 }, from: 11, to: 12 },
        { query: { after: 12, limit: 5 }, from: 13, to: 12 },
      ];
      for (const { query, from, to } of pages) {
        socket.send({ action: "history", room, ...query, id: "page" });
        const { type, id, ...page } = await socket.next("history");
        const about = JSON.stringify(query);
        assert.deepEqual([page.from, page.to, page.seq], [from, to, 12], about);
        assert.deepEqual(seqs(page), numbers(from, to), about);
        assert.deepEqual(await stage.api.messages(room, query), page, about);
        assert.deepEqual([type, id], ["history", "page"]);
      }
    },
  ),

  scenario("Older messages load until the first one", ["join", "history"], async (stage) => {
    const { roomId } = await stage.room();
    // Two people, because one would exceed the rate.
    await sendNumbers(await stage.socket(), roomId, 30);
    await sendNumbers(await stage.socket(), roomId, 23);
    const bob = await stage.join(roomId, "Bob");
    assert.deepEqual(
      bob.messages.map(({ seq }) => seq),
      numbers(4, 53),
    );
    assert.equal(bob.hasOlder, true);
    await bob.loadOlder();
    assert.deepEqual(
      bob.messages.map(({ seq }) => seq),
      numbers(1, 53),
    );
    assert.equal(bob.hasOlder, false);
  }),

  scenario(
    "A reconnecting client receives what it missed, once and in order, and loses none of its own messages",
    ["join", "send", "disconnect", "connect", "authorize"],
    async (stage) => {
      const { roomId } = await stage.room();
      const tab = stage.tab(await stage.guest("Ada"));
      const ada = await tab.client.join(roomId);
      const bob = await stage.join(roomId, "Bob");
      const received: string[] = [];
      ada.on("message", ({ text }) => received.push(text));
      ada.on("discontinuity", () => received.push("discontinuity"));
      bob.send("one");
      await until("Ada has the first", () => received.length === 1);
      tab.dropConnection();
      for (const text of ["two", "three"]) bob.send(text);
      ada.send("mine");
      await until("both have everything", () =>
        [ada, bob].every(({ messages }) => messages.length === 4 && messages.every(({ status }) => status === "sent")),
      );
      assert.deepEqual(
        ada.messages.map(({ text }) => text),
        bob.messages.map(({ text }) => text),
      );
      assert.deepEqual(
        received,
        bob.messages.map(({ text }) => text),
      );
    },
  ),

  scenario(
    "A join with `since` says whether it recovered everything after that number",
    ["join", "send"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const socket = await stage.socket();
      await sendNumbers(socket, room, 5);
      socket.send({ action: "history", room });
      const { epoch } = await socket.next("history");
      const cases = [
        { since: { epoch, seq: 2 }, recovered: true, from: 3 },
        { since: { epoch, seq: 5 }, recovered: true, from: 6 },
        { since: { epoch: "another", seq: 2 }, recovered: false, from: 1 },
        { since: { epoch, seq: 99 }, recovered: false, from: 1 },
      ];
      for (const { since, recovered, from } of cases) {
        socket.send({ action: "join", room, since });
        const joined = await socket.next("joined");
        const about = JSON.stringify(since);
        assert.deepEqual([joined.recovered, joined.from, joined.to], [recovered, from, 5], about);
        assert.deepEqual(seqs(joined), numbers(from, 5), about);
      }
    },
  ),

  scenario(
    "A pong has the newest number, count and people digest of each joined room",
    ["ping", "join", "leave"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const { roomId: other } = await stage.room();
      const socket = await stage.socket();
      await sendNumbers(socket, room, 2);
      socket.send({ action: "history", room });
      const { epoch } = await socket.next("history");
      socket.send({ action: "join", room: other });
      const { epoch: otherEpoch, people: otherPeople, you } = await socket.next("joined");
      const peopleHere = digest([{ ...you, name: "Ada" }]);
      const peopleInOther = digest(otherPeople);
      const before = Date.now();
      socket.send({ action: "ping", id: "p" });
      const pong = await socket.next("pong");
      assert.deepEqual(
        [pong.id, pong.rooms],
        [
          "p",
          {
            [room]: { epoch, seq: 2, count: 1, people: peopleHere },
            [other]: { epoch: otherEpoch, seq: 0, count: 1, people: peopleInOther },
          },
        ],
      );
      assert.ok(Math.abs(pong.at - before) < 60_000, "the server's clock is less than a minute off");
      socket.send({ action: "leave", room });
      await socket.next("left");
      socket.send({ action: "ping" });
      assert.deepEqual((await socket.next("pong")).rooms, {
        [other]: { epoch: otherEpoch, seq: 0, count: 1, people: peopleInOther },
      });
    },
  ),
];
