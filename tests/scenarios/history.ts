// What was said before: pages in both directions, resuming after an interruption, the newest numbers.

import assert from "node:assert/strict";
import { digest } from "../../client/src/digest.ts";
import type { LogEvent } from "../../client/src/index.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";

const seqs = (page: { events: readonly LogEvent[] }) => page.events.map(({ seq }) => seq);
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Joins and says the texts "1" to `count`, one after another. */
async function say(socket: RawSocket, room: string, count: number): Promise<void> {
  socket.send({ action: "join", room, name: "Ada" });
  await socket.next("joined");
  for (const n of numbers(1, count)) {
    socket.send({ action: "send", room, id: String(n), text: String(n) });
    await socket.next("ack");
  }
}

export const scenarios = [
  scenario(
    "History comes page by page in both directions, over the socket as over HTTP",
    ["history", "list-messages", "send"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const socket = await stage.socket();
      await say(socket, room, 12);
      const pages = [
        { asks: {}, from: 1, to: 12 },
        { asks: { limit: 5 }, from: 8, to: 12 },
        { asks: { before: 8, limit: 5 }, from: 3, to: 7 },
        { asks: { before: 3, limit: 5 }, from: 1, to: 2 },
        { asks: { before: 1, limit: 5 }, from: 1, to: 0 },
        { asks: { after: 0, limit: 5 }, from: 1, to: 5 },
        { asks: { after: 10, limit: 5 }, from: 11, to: 12 },
        { asks: { after: 12, limit: 5 }, from: 13, to: 12 },
      ];
      for (const { asks, from, to } of pages) {
        socket.send({ action: "history", room, ...asks, id: "page" });
        const { type, id, ...page } = await socket.next("history");
        const about = JSON.stringify(asks);
        assert.deepEqual([page.from, page.to, page.seq], [from, to, 12], about);
        assert.deepEqual(seqs(page), numbers(from, to), about);
        assert.deepEqual(await stage.api.messages(room, asks), page, about);
        assert.deepEqual([type, id], ["history", "page"]);
      }
    },
  ),

  scenario("A long history loads upward until the first message", ["join", "history"], async (stage) => {
    const { roomId } = await stage.room();
    // Two people: one may not say so much at once.
    await say(await stage.socket(), roomId, 30);
    await say(await stage.socket(), roomId, 23);
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
    "Who was cut off gets everything that was missed, once and in order, and loses nothing of their own",
    ["join", "send", "disconnect", "connect", "authorize"],
    async (stage) => {
      const { roomId } = await stage.room();
      const tab = stage.tab(await stage.guest("Ada"));
      const ada = await tab.client.join(roomId);
      const bob = await stage.join(roomId, "Bob");
      const arrived: string[] = [];
      ada.on("message", ({ text }) => arrived.push(text));
      ada.on("discontinuity", () => arrived.push("discontinuity"));
      bob.send("one");
      await until("Ada has the first", () => arrived.length === 1);
      tab.cut();
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
        arrived,
        bob.messages.map(({ text }) => text),
      );
    },
  ),

  scenario("A join with `since` is recovered, or says that it is not", ["join", "send"], async (stage) => {
    const { roomId: room } = await stage.room();
    const socket = await stage.socket();
    await say(socket, room, 5);
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
  }),

  scenario(
    "A ping names the newest number of each room that one is in, and who is there",
    ["ping", "join", "leave"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const { roomId: other } = await stage.room();
      const socket = await stage.socket();
      await say(socket, room, 2);
      socket.send({ action: "history", room });
      const { epoch } = await socket.next("history");
      socket.send({ action: "join", room: other });
      const { epoch: otherEpoch, people: otherPeople, you } = await socket.next("joined");
      const here = digest([{ ...you, name: "Ada" }]);
      const otherHere = digest(otherPeople);
      const before = Date.now();
      socket.send({ action: "ping", id: "p" });
      const pong = await socket.next("pong");
      assert.deepEqual(
        [pong.id, pong.rooms],
        [
          "p",
          {
            [room]: { epoch, seq: 2, count: 1, people: here },
            [other]: { epoch: otherEpoch, seq: 0, count: 1, people: otherHere },
          },
        ],
      );
      assert.ok(Math.abs(pong.at - before) < 60_000, "the server's clock is not a minute off");
      socket.send({ action: "leave", room });
      await socket.next("left");
      socket.send({ action: "ping" });
      assert.deepEqual((await socket.next("pong")).rooms, {
        [other]: { epoch: otherEpoch, seq: 0, count: 1, people: otherHere },
      });
    },
  ),
];
