import { describe, expect, test } from "vitest";
import { RoomLog } from "../src/log.ts";
import { seededRandom } from "./support.ts";

const message = (seq: number) => ({ seq });
const messages = (...seqs: number[]) => seqs.map(message);
const seqs = (list: readonly { seq: number }[]) => list.map(({ seq }) => seq);
const page = (from: number, to: number, seq: number, ...held: number[]) => ({
  from,
  to,
  seq,
  messages: messages(...held),
});

function started(from: number, to: number, seq = to, ...held: number[]) {
  const log = new RoomLog();
  log.restart(page(from, to, seq, ...held));
  return log;
}

describe("a room's log", () => {
  test.each([
    ["in order", [1, 2, 3], [1, 2, 3]],
    ["out of order", [3, 1, 2], [1, 2, 3]],
    ["repeated", [1, 1, 2, 1, 2], [1, 2]],
    ["repeated beyond a gap", [2, 2, 1], [1, 2]],
    ["with a gap", [1, 3, 4], [1]],
  ])("shows messages that come %s", (_, arriving, shown) => {
    const log = started(1, 0);
    const released = arriving.flatMap((seq) => log.receive(message(seq)));
    expect(seqs(released)).toEqual(shown);
    expect(seqs(log.entries)).toEqual(shown);
  });

  test("is behind while a gap is open, and no longer once a page fills it", () => {
    const log = started(1, 2, 2, 1, 2);
    log.receive(message(5));
    expect(log.behind).toBe(true);
    expect(seqs(log.extend(page(3, 4, 5, 4)))).toEqual([4, 5]);
    expect(log.behind).toBe(false);
    expect(seqs(log.entries)).toEqual([1, 2, 4, 5]);
  });

  test("is behind when it hears of a number, or a page ends before the newest one", () => {
    const log = started(1, 2, 2, 1, 2);
    log.heard(3);
    expect(log.behind).toBe(true);
    expect(started(1, 2, 3, 1, 2).behind).toBe(true);
  });

  test("ignores a page that would leave a gap, and one that brings nothing new", () => {
    const log = started(1, 2, 2, 1, 2);
    expect(log.extend(page(4, 5, 5, 4, 5))).toEqual([]);
    expect(log.extend(page(1, 2, 5, 1, 2))).toEqual([]);
    expect(log.top).toBe(2);
  });

  test("takes only what is new from a page that overlaps", () => {
    const log = started(1, 3, 3, 1, 2, 3);
    expect(seqs(log.extend(page(2, 5, 5, 2, 3, 4, 5)))).toEqual([4, 5]);
  });

  test("puts older pages before, and knows when it has the first number", () => {
    const log = started(8, 9, 9, 8, 9);
    log.prepend(page(4, 7, 9, 4, 7));
    log.prepend(page(1, 2, 9, 1, 2));
    expect([seqs(log.entries), log.low]).toEqual([[4, 7, 8, 9], 4]);
    log.prepend(page(1, 3, 9, 2));
    expect([seqs(log.entries), log.low]).toEqual([[2, 4, 7, 8, 9], 1]);
  });

  test("keeps what came beyond the page that it starts over with", () => {
    const log = started(1, 2, 2, 1, 2);
    log.receive(message(403));
    log.receive(message(405));
    log.restart(page(301, 402, 402, 301, 402));
    expect(seqs(log.entries)).toEqual([301, 402, 403]);
    expect([log.top, log.behind]).toEqual([403, true]);
  });

  test("shows every message once and in order, whatever the transport does", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = seededRandom(seed);
      const below = (limit: number) => Math.floor(random() * limit);
      const newest = 1 + below(30);
      const log = Array.from({ length: newest }, (_, at) => at + 1).filter(() => random() < 0.8);
      const after = (seq: number, limit: number) => {
        const to = Math.min(newest, seq + limit);
        return page(seq + 1, to, newest, ...log.filter((n) => n > seq && n <= to));
      };
      const room = new RoomLog<{ seq: number }>();
      room.restart({ from: 1, to: 0, seq: 0, messages: [] });
      const released: { seq: number }[] = [];
      for (let step = 0; step < 60; step++) {
        const any = log[below(log.length)];
        if (random() < 0.7 && any) released.push(...room.receive(message(any)));
        else released.push(...room.extend(after(below(room.top + 1), 1 + below(5))));
        expect(seqs(room.entries)).toEqual(log.filter((n) => n <= room.top));
      }
      room.heard(newest);
      while (room.behind) released.push(...room.extend(after(room.top, 3)));
      expect(seqs(released)).toEqual(log);
    }
  });
});
