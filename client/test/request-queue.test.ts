import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Connection } from "../src/connection.ts";
import { ParlorError, type ParlorErrorCode } from "../src/errors.ts";
import type { Ack } from "../src/protocol.ts";
import { RequestQueue } from "../src/request-queue.ts";
import { timing } from "../src/timing.ts";
import { seededRandom, stopTime } from "./support.ts";

const HOUR = 60 * 60 * 1000;
const refused = new ParlorError("invalidField", "refused", false);

/** A queue on a connection whose answers the test gives, and the callbacks of each request, in `seen`. */
function queueing(...ids: string[]) {
  const sent: string[] = [];
  const seen: string[] = [];
  const blocked: string[] = [];
  let answer = (_: Ack | ParlorError) => {};
  const request = ({ id }: { id: string }, done: typeof answer) => {
    sent.push(id);
    answer = done;
  };
  const queue = new RequestQueue({ request } as unknown as Connection, ({ code }) => blocked.push(code), timing);
  const add = (id: string, triedAt?: number, text = id) =>
    queue.add({
      frame: { action: "send", room: "r", id, text },
      triedAt,
      tried: () => seen.push(`${id} tried`),
      acknowledged: ({ seq }) => seen.push(`${id} at ${seq}`),
      failed: ({ code }) => seen.push(`${id} ${code}`),
    });
  for (const id of ids) add(id);
  queue.start();
  return {
    queue,
    add,
    sent,
    seen,
    blocked,
    acknowledge: (seq: number) => answer({ room: "r", epoch: "e1", id: sent.at(-1) ?? "", seq, at: seq }),
    refuse: (code: ParlorErrorCode, retryable = false, retryAfterMs?: number) =>
      answer(new ParlorError(code, "refused", retryable, retryAfterMs)),
    /** Returns a function that answers the request in flight, for a late answer. */
    hold: () => answer,
  };
}

function setTime(ms: number): void {
  vi.spyOn(Date, "now").mockReturnValue(ms);
  onTestFinished(() => void vi.restoreAllMocks());
}

describe("the request queue", () => {
  test("sends one request at a time, in order", () => {
    const { queue, sent, seen, acknowledge } = queueing("a", "b");
    queue.start();
    expect(sent).toEqual(["a"]);
    acknowledge(1);
    expect(sent).toEqual(["a", "b"]);
    expect(seen).toEqual(["a tried", "a at 1", "b tried"]);
  });

  test("sends nothing until it is started, and nothing after it is stopped", () => {
    const { queue, sent, add, acknowledge } = queueing();
    queue.stop();
    add("a");
    expect(sent).toEqual([]);
    queue.start();
    queue.stop();
    acknowledge(1);
    add("b");
    expect(sent).toEqual(["a"]);
  });

  test("repeats the request in flight after an interruption, with the same id", () => {
    const { queue, sent, seen, refuse } = queueing("a", "b");
    refuse("disconnected", true);
    queue.stop();
    queue.start();
    expect(sent).toEqual(["a", "a"]);
    expect(seen).toEqual(["a tried"]);
  });

  test.each([
    ["unavailable", undefined],
    ["timeout", undefined],
    ["rateLimited", 20_000],
  ] as const)("repeats a request after %s: later each time, and never before the server says", (code, retryAfterMs) => {
    stopTime();
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    onTestFinished(() => void vi.restoreAllMocks());
    const { queue, sent, refuse, acknowledge } = queueing("a", "b");
    for (let turn = 1; turn <= 12; turn++) {
      refuse(code, true, retryAfterMs);
      queue.start();
      vi.advanceTimersByTime((retryAfterMs ?? 0) + Math.min(15_000, 125 * 2 ** (turn - 1)) - 1);
      expect(sent).toHaveLength(turn);
      vi.advanceTimersByTime(1);
      expect(sent).toHaveLength(turn + 1);
    }
    acknowledge(1);
    expect(new Set(sent.slice(0, -1))).toEqual(new Set(["a"]));
    refuse(code, true, retryAfterMs);
    vi.advanceTimersByTime((retryAfterMs ?? 0) + 125);
    expect(sent.slice(-2)).toEqual(["b", "b"]);
  });

  test("repeats a refused request at once when it is started again, without waiting for its retry", () => {
    stopTime();
    const { queue, sent, refuse } = queueing("a");
    refuse("unavailable", true, 20_000);
    queue.stop();
    queue.start();
    expect(sent).toEqual(["a", "a"]);
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual(["a", "a"]);
  });

  test("reports a refusal that concerns the room, and keeps the request until it is started again", () => {
    const { queue, sent, seen, blocked, refuse } = queueing("a");
    refuse("notJoined");
    queue.start();
    expect([blocked, sent]).toEqual([["notJoined"], ["a"]]);
    queue.stop();
    queue.start();
    expect(sent).toEqual(["a", "a"]);
    expect(seen).toEqual(["a tried"]);
  });

  test("goes on with the next request after a final refusal", () => {
    const { sent, seen, refuse } = queueing("a", "b");
    refuse("forbidden");
    expect(sent).toEqual(["a", "b"]);
    expect(seen).toEqual(["a tried", "a forbidden", "b tried"]);
  });

  test("goes on without a request that is removed, and ignores its refusal", () => {
    stopTime();
    const { queue, sent, seen, hold } = queueing("a", "b");
    const late = hold();
    queue.remove("a");
    expect(sent).toEqual(["a"]);
    queue.start();
    expect(sent).toEqual(["a", "b"]);
    late(refused);
    late(new ParlorError("unavailable", "refused", true));
    vi.advanceTimersByTime(timing.backoffCapMs);
    late({ room: "r", epoch: "e1", id: "a", seq: 1, at: 1 });
    expect(sent).toEqual(["a", "b"]);
    expect(seen).toEqual(["a tried", "b tried"]);
  });

  test("takes an acknowledgement that comes while it is stopped", () => {
    const { queue, sent, seen, acknowledge } = queueing("a", "b");
    queue.stop();
    acknowledge(1);
    queue.start();
    expect(sent).toEqual(["a", "b"]);
    expect(seen).toEqual(["a tried", "a at 1", "b tried"]);
  });

  test("gives up a request 23 hours after it was first sent: the server may have forgotten its id", () => {
    const { queue, sent, seen, add } = queueing();
    for (const hour of [0, 10, 20]) {
      setTime(hour * HOUR);
      if (hour === 0) for (const id of ["a", "b"]) add(id);
      queue.stop();
      queue.start();
    }
    expect(new Set(sent)).toEqual(new Set(["a"]));
    queue.stop();
    setTime(23 * HOUR);
    queue.start();
    expect(sent.at(-1)).toBe("b");
    expect(seen).toEqual(["a tried", "a disconnected", "b tried"]);
  });

  test("gives up a request that was first sent too long ago, or later than now: the clock was set back", () => {
    setTime(100 * HOUR);
    const { sent, seen, add } = queueing();
    add("old", 77 * HOUR);
    add("future", 123 * HOUR);
    add("recent", 78 * HOUR);
    expect(sent).toEqual(["recent"]);
    expect(seen).toEqual(["old disconnected", "future disconnected"]);
  });

  test("does not repeat under another identity what may have taken effect under the former", () => {
    const { queue, sent, seen } = queueing("a", "b");
    queue.stop();
    queue.identityChanged();
    expect(seen).toEqual(["a tried", "a disconnected"]);
    queue.start();
    expect(sent).toEqual(["a", "b"]);
  });

  test("fails every request at the end, in order", () => {
    const { queue, seen } = queueing("a", "b");
    queue.failAll(refused);
    expect(seen).toEqual(["a tried", "a invalidField", "b invalidField"]);
    queue.start();
    expect(seen).toHaveLength(3);
  });

  test("passes on an acknowledgement that comes after the end, once", () => {
    const { queue, seen, hold } = queueing("a", "b");
    const answer = hold();
    queue.failAll(refused);
    for (const seq of [1, 2]) answer({ room: "r", epoch: "e1", id: "a", seq, at: seq });
    expect(seen).toEqual(["a tried", "a invalidField", "b invalidField", "a at 1"]);
  });

  test("knows which requests may have taken effect", () => {
    const { queue, add, acknowledge } = queueing("a", "b");
    queue.stop();
    add("stored", Date.now());
    const may = () => ["a", "b", "stored"].filter((id) => queue.mayHaveTakenEffect(id));
    expect(may()).toEqual(["a", "stored"]);
    acknowledge(1);
    expect(may()).toEqual(["stored"]);
  });

  test("sends nothing more when a callback stops it", () => {
    const { queue, sent, add } = queueing();
    queue.add({
      frame: { action: "send", room: "r", id: "a", text: "a" },
      tried: () => queue.failAll(refused),
      acknowledged: () => {},
      failed: () => {},
    });
    add("b");
    expect(sent).toEqual([]);
  });

  test.each([
    ["is not valid Unicode", "\ud800"],
    ["is larger than a frame", "\u0001".repeat(4_000)],
  ])("fails a request that %s without sending it", (_, text) => {
    const { sent, seen, add } = queueing();
    add("a", undefined, text);
    expect([sent, seen]).toEqual([[], ["a invalidField"]]);
  });

  test("delivers everything once and in order, however often acknowledgements are lost", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const { queue, sent, seen, add, acknowledge } = queueing();
      const delivered: string[] = [];
      let added = 0;
      const isDone = () => seen.filter((what) => what.includes(" at ")).length === 10;
      for (let steps = 0; !isDone(); steps++) {
        expect(steps).toBeLessThan(10_000);
        if (added < 10 && random() < 0.5) add(String(added++));
        const inFlight = sent.at(-1);
        if (inFlight === undefined) continue;
        if (random() < 0.7 && !delivered.includes(inFlight)) delivered.push(inFlight);
        if (random() < 0.5 && delivered.includes(inFlight)) {
          acknowledge(1 + delivered.indexOf(inFlight));
        } else {
          queue.stop();
          queue.start();
        }
      }
      expect(delivered).toEqual(Array.from({ length: 10 }, (_, at) => String(at)));
      expect(seen.filter((what) => !what.includes("tried"))).toEqual(delivered.map((id, at) => `${id} at ${at + 1}`));
    }
  });
});
