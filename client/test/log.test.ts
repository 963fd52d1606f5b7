import { describe, expect, test } from "vitest";
import { RoomLog } from "../src/log.ts";
import type { Change, LogEvent, Message } from "../src/protocol.ts";
import { seededRandom } from "./support.ts";

const from = { userId: "u1", name: "Ada" };
const about = (seq: number) => ({ room: "r", epoch: "e1", seq, at: seq });
const now = (seq: number, version: number): Message => ({
  ...about(seq),
  id: `m${seq}`,
  from,
  text: `${seq} as of ${version}`,
  ...(version !== seq && { version }),
});
const message = (seq: number, version = seq): LogEvent => ({ type: "message", ...now(seq, version) });
const change = (seq: number, of: number, version = seq): LogEvent & Change => ({
  ...about(seq),
  type: "change",
  of,
  kind: "edited",
  by: from,
  message: now(of, version),
});
const seqs = (list: readonly { seq: number }[]) => list.map(({ seq }) => seq);
const texts = (log: RoomLog) => log.messages.map(({ text }) => text);
const page = (from: number, to: number, seq: number, ...events: (number | LogEvent)[]) => ({
  from,
  to,
  seq,
  events: events.map((event) => (typeof event === "number" ? message(event) : event)),
});

function started(from: number, to: number, seq = to, ...events: (number | LogEvent)[]) {
  const log = new RoomLog();
  log.reset(page(from, to, seq, ...events));
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
    expect(seqs(log.messages)).toEqual(shown);
  });

  test("is behind while a gap is open, until a page fills it", () => {
    const log = started(1, 2, 2, 1, 2);
    log.receive(message(5));
    expect(log.isBehind).toBe(true);
    expect(seqs(log.append(page(3, 4, 5, 4)))).toEqual([4, 5]);
    expect(log.isBehind).toBe(false);
    expect(seqs(log.events)).toEqual([1, 2, 4, 5]);
  });

  test("is behind if a higher number exists, or a page ends before the newest one", () => {
    const log = started(1, 2, 2, 1, 2);
    log.reached(3);
    expect(log.isBehind).toBe(true);
    expect(started(1, 2, 3, 1, 2).isBehind).toBe(true);
  });

  test("ignores a page that would leave a gap, and one with nothing new", () => {
    const log = started(1, 2, 2, 1, 2);
    expect(log.append(page(4, 5, 5, 4, 5))).toEqual([]);
    expect(log.append(page(1, 2, 5, 1, 2))).toEqual([]);
    expect(log.last).toBe(2);
  });

  test("takes only the new events of a page that overlaps", () => {
    const log = started(1, 3, 3, 1, 2, 3);
    expect(seqs(log.append(page(2, 5, 5, 2, 3, 4, 5)))).toEqual([4, 5]);
  });

  test("adds older pages at the front, up to the first number", () => {
    const log = started(8, 9, 9, 8, 9);
    log.prepend(page(4, 7, 9, 4, 7));
    log.prepend(page(1, 2, 9, 1, 2));
    expect([seqs(log.events), log.first]).toEqual([[4, 7, 8, 9], 4]);
    log.prepend(page(1, 3, 9, 2));
    expect([seqs(log.events), log.first]).toEqual([[2, 4, 7, 8, 9], 1]);
  });

  test("keeps events beyond the page that it is reset to", () => {
    const log = started(1, 2, 2, 1, 2);
    log.receive(message(403));
    log.receive(message(405));
    log.reset(page(301, 402, 402, 301, 402));
    expect(seqs(log.events)).toEqual([301, 402, 403]);
    expect([log.last, log.isBehind]).toEqual([403, true]);
  });

  test("keeps the results of changes and voids beyond the page that it is reset to", () => {
    const log = started(1, 1, 1, 1);
    log.receive(change(2, 1));
    log.receive({ ...message(4), voids: [3] });
    log.reset(page(1, 1, 1, 1));
    expect([log.last, log.isBehind]).toEqual([4, false]);
    expect(texts(log)).toEqual(["1 as of 2", "4 as of 4"]);
  });

  test.each(["live events", "newer pages", "older pages", "a reset"])("stores no change that comes with %s", (way) => {
    const log = started(200, 200, 200, 200);
    const changes = Array.from({ length: 100 }, (_, at) => change(way === "older pages" ? 100 + at : 201 + at, 1));
    if (way === "live events") for (const each of changes) log.receive(each);
    else if (way === "newer pages") log.append(page(201, 300, 300, ...changes));
    else if (way === "older pages") log.prepend(page(100, 199, 200, ...changes));
    else log.reset(page(200, 300, 300, 200, ...changes));
    expect(seqs(log.events)).toEqual([200]);
    expect([log.first, log.last]).toEqual(way === "older pages" ? [100, 200] : [200, 300]);
  });

  test("shows a message with its last change, in the message's place", () => {
    const log = started(1, 2, 2, 1, 2);
    expect(seqs(log.receive(change(3, 1)))).toEqual([3]);
    log.receive(change(4, 1));
    expect(texts(log)).toEqual(["1 as of 4", "2 as of 2"]);
    // The message has the result of its changes, which are not stored.
    expect(seqs(log.events)).toEqual([1, 2]);
  });

  test("never goes back to an older version of a message", () => {
    const log = started(1, 1, 1, 1);
    log.receive(change(3, 1));
    log.receive(change(2, 1));
    log.append(page(1, 3, 3, message(1, 2), change(3, 1)));
    expect(texts(log)).toEqual(["1 as of 3"]);
  });

  test("takes the version in a change even if it is newer than the change", () => {
    const log = started(1, 1, 1, 1);
    log.receive(change(2, 1, 4));
    log.receive(change(3, 1));
    expect(texts(log)).toEqual(["1 as of 4"]);
  });

  test("remembers a change of a message that an older page adds later", () => {
    const log = started(5, 5, 5, 5);
    log.receive(change(6, 2));
    log.prepend(page(1, 4, 6, 1, 2, 3, 4));
    expect(texts(log)).toEqual(["1 as of 1", "2 as of 6", "3 as of 3", "4 as of 4", "5 as of 5"]);
  });

  test("keeps the newer version of an older page over earlier changes", () => {
    const log = started(5, 5, 5, 5);
    log.receive(change(6, 2));
    log.prepend(page(1, 4, 7, message(2, 7)));
    expect(texts(log)).toEqual(["2 as of 7", "5 as of 5"]);
    log.receive(change(6, 2));
    expect(texts(log)).toEqual(["2 as of 7", "5 as of 5"]);
  });

  test("closes a gap with voids, whether they come with an event, before it, or alone", () => {
    const log = started(1, 2, 2, 1, 2);
    expect(seqs(log.receive({ ...message(5), voids: [3, 4] }))).toEqual([5]);
    expect(log.void([7, 8])).toEqual([]);
    expect(log.isBehind).toBe(true);
    expect(seqs(log.receive(message(6)))).toEqual([6]);
    expect([log.last, log.isBehind]).toEqual([8, false]);
    expect(log.void([9])).toEqual([]);
    expect([log.last, log.isBehind, seqs(log.events)]).toEqual([9, false, [1, 2, 5, 6]]);
  });

  test("takes voids from a duplicate frame, and ignores those before `last`", () => {
    const log = started(1, 2, 2, 1, 2);
    log.receive(message(4));
    expect(seqs(log.receive({ ...message(2), voids: [1, 3] }))).toEqual([4]);
    expect(seqs(log.events)).toEqual([1, 2, 4]);
  });

  test("keeps voids beyond the page that it is reset to", () => {
    const log = started(1, 2, 2, 1, 2);
    log.receive({ ...message(9), voids: [8] });
    log.reset(page(5, 7, 7, 5, 7));
    expect([log.last, log.isBehind, seqs(log.events)]).toEqual([9, false, [5, 7, 9]]);
  });

  test("lists notices separately from messages", () => {
    const notice: LogEvent = { ...about(2), type: "notice", kind: "renamed", name: "Tea", by: from };
    const log = started(1, 3, 3, 1, notice, 3);
    expect([seqs(log.messages), log.notices]).toEqual([[1, 3], [notice]]);
  });

  test("shows every event once, in order and in its latest version, whatever the transport does", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const below = (limit: number) => Math.floor(random() * limit);
      const newest = 1 + below(40);
      // What is at each number: nothing, a message, or a change of an earlier message.
      const history: (LogEvent & { of?: number })[] = [];
      for (let seq = 1; seq <= newest; seq++) {
        const said = history.filter(({ type }) => type === "message");
        const of = said[below(said.length)]?.seq;
        if (random() < 0.2) continue;
        history.push(of !== undefined && random() < 0.5 ? change(seq, of) : message(seq));
      }
      const versionAt = (of: number, at: number) =>
        history.findLast((event) => event.of === of && event.seq <= at)?.seq ?? of;
      /** An event as it is posted or read when the room's newest number is `at`. */
      const asOf = (event: LogEvent, at: number): LogEvent => {
        if (event.type === "message") return message(event.seq, versionAt(event.seq, at));
        if (event.type !== "change") return event;
        return change(event.seq, event.of, versionAt(event.of, at));
      };
      /** A page read when the newest number is `at`. Only the last change of each message carries the message. */
      const pageOf = (low: number, high: number, at: number) => {
        const within = history.filter(({ seq }) => seq >= low && seq <= high);
        const events = within.map((event) => {
          const last = within.findLast(({ of }) => of !== undefined && of === event.of);
          const { message: _, ...bare } = asOf(event, at) as LogEvent & Change;
          return event.of === undefined || event === last ? asOf(event, at) : bare;
        });
        return { from: low, to: high, seq: at, events };
      };
      /** The voids right before this number. */
      const voidsBefore = (seq: number) => {
        const last = history.findLast((event) => event.seq < seq)?.seq ?? 0;
        return Array.from({ length: seq - 1 - last }, (_, at) => last + 1 + at);
      };
      const later = (seq: number) => seq + below(newest - seq + 1);

      const log = new RoomLog();
      const start = below(newest + 1);
      log.reset(pageOf(Math.max(1, start - 5), start, start));
      const released: LogEvent[] = [];
      for (let step = 0; step < 80; step++) {
        const any = history[below(history.length)];
        if (random() < 0.6 && any) {
          const event = asOf(any, later(any.seq));
          released.push(...log.receive(random() < 0.5 ? { ...event, voids: voidsBefore(any.seq) } : event));
        } else if (random() < 0.1) {
          released.push(...log.void(voidsBefore(1 + below(newest))));
        } else if (random() < 0.3) {
          const to = log.first - 1;
          if (to >= 1) log.prepend(pageOf(Math.max(1, to - below(5)), to, later(log.last)));
        } else {
          const after = below(log.last + 1);
          const to = Math.min(newest, after + 1 + below(5));
          released.push(...log.append(pageOf(after + 1, to, later(to))));
        }
        const known = history.filter(({ seq }) => seq >= log.first && seq <= log.last);
        expect(seqs(log.events)).toEqual(seqs(known.filter(({ type }) => type !== "change")));
      }
      log.reached(newest);
      while (log.isBehind) released.push(...log.append(pageOf(log.last + 1, Math.min(newest, log.last + 3), newest)));
      while (log.first > 1) log.prepend(pageOf(Math.max(1, log.first - 4), log.first - 1, newest));
      expect(seqs(released)).toEqual(seqs(history.filter(({ seq }) => seq > start)));
      expect(texts(log)).toEqual(
        history.filter(({ type }) => type === "message").map(({ seq }) => now(seq, versionAt(seq, newest)).text),
      );
    }
  });
});

test("forgotten events come back with pages in their latest version, and the others stay in order", () => {
  const log = started(1, 6, 6, 1, 2, 3, 4, 5, change(6, 1));
  log.forget(4);
  expect(seqs(log.messages)).toEqual([4, 5]);
  expect(log.first).toBe(4);
  expect(seqs(log.receive(message(7)))).toEqual([7]);
  log.prepend(page(1, 3, 7, message(1, 6), 2, 3));
  expect(texts(log)).toEqual(["1 as of 6", "2 as of 2", "3 as of 3", "4 as of 4", "5 as of 5", "7 as of 7"]);
  log.forget(2);
  log.forget(1);
  expect(log.first).toBe(2);
  log.forget(100);
  expect(log.first).toBe(8);
  expect(seqs(log.receive(message(8)))).toEqual([8]);
});
