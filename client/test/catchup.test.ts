import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Catchup } from "../src/catchup.ts";
import type { Connection } from "../src/connection.ts";
import { ParlorError, type ParlorErrorCode } from "../src/errors.ts";
import type { HistoryPage } from "../src/protocol.ts";
import { timing } from "../src/timing.ts";
import { stopTime } from "./support.ts";

/** A catch-up of a log that is complete up to `last` and has numbers up to `newest`, and the requests that it sends. */
function catchingUp(last: number, newest: number) {
  stopTime();
  const random = vi.spyOn(Math, "random").mockReturnValue(0);
  onTestFinished(() => void vi.restoreAllMocks());
  const asked: number[] = [];
  const blocked: string[] = [];
  let answer = (_: HistoryPage | ParlorError) => {};
  const request = ({ after }: { after: number }, done: typeof answer) => {
    asked.push(after);
    answer = done;
  };
  const state = { last };
  const events = {
    missingAfter: () => (state.last < newest ? state.last : undefined),
    found: (page: HistoryPage) => {
      state.last = page.to;
    },
    blocked: (error: ParlorError) => void blocked.push(error.code),
  };
  const catchup = new Catchup("r", { request } as unknown as Connection, events, timing);
  const page = (to: number) => answer({ room: "r", epoch: "e1", seq: newest, from: state.last + 1, to, events: [] });
  const refuse = (code: ParlorErrorCode, retryable: boolean, retryAfterMs?: number) =>
    answer(new ParlorError(code, "refused", retryable, retryAfterMs));
  return { catchup, state, asked, blocked, page, refuse, random };
}

describe("catching up", () => {
  test("waits half a second for a gap to close, and then sends one request", () => {
    const { catchup, asked } = catchingUp(3, 5);
    catchup.check();
    catchup.check();
    vi.advanceTimersByTime(499);
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(1);
    catchup.check();
    vi.advanceTimersByTime(60_000);
    expect(asked).toEqual([3]);
  });

  test("sends nothing if the gap closes by itself", () => {
    const { catchup, state, asked } = catchingUp(3, 5);
    catchup.check();
    state.last = 5;
    catchup.check();
    vi.advanceTimersByTime(60_000);
    expect(asked).toEqual([]);
  });

  test("requests the next page at once if a page helped", () => {
    const { catchup, asked, page } = catchingUp(0, 5);
    catchup.check();
    vi.advanceTimersByTime(500);
    page(2);
    page(4);
    page(5);
    expect(asked).toEqual([0, 2, 4]);
  });

  test("doubles the wait while pages do not help, up to 4 seconds", () => {
    const { catchup, asked, page } = catchingUp(3, 5);
    catchup.check();
    for (const [turn, delay] of [500, 1_000, 2_000, 4_000, 4_000].entries()) {
      vi.advanceTimersByTime(delay - 1);
      expect(asked).toHaveLength(turn);
      vi.advanceTimersByTime(1);
      expect(asked).toHaveLength(turn + 1);
      page(3);
    }
  });

  test("waits up to twice as long, at random: everyone in the room has the same gap", () => {
    const { catchup, asked, page, random } = catchingUp(3, 5);
    random.mockReturnValue(0.5);
    catchup.check();
    for (const [turn, delay] of [750, 1_500, 3_000].entries()) {
      vi.advanceTimersByTime(delay - 1);
      expect(asked).toHaveLength(turn);
      vi.advanceTimersByTime(1);
      expect(asked).toHaveLength(turn + 1);
      page(3);
    }
  });

  test.each([
    ["is unavailable", "unavailable", undefined],
    ["does not answer", "timeout", undefined],
    ["gives a retry time", "rateLimited", 20_000],
  ] as const)("retries with backoff when the server %s, and never before the retry time", (_, code, retryAfterMs) => {
    const { catchup, asked, refuse, random } = catchingUp(3, 5);
    catchup.check();
    vi.advanceTimersByTime(500);
    random.mockReturnValue(0.5);
    for (let turn = 1; turn <= 12; turn++) {
      refuse(code, true, retryAfterMs);
      catchup.check();
      vi.advanceTimersByTime((retryAfterMs ?? 0) + Math.min(15_000, 125 * 2 ** (turn - 1)) - 1);
      expect(asked).toHaveLength(turn);
      vi.advanceTimersByTime(1);
      expect(asked).toHaveLength(turn + 1);
    }
  });

  test("does not retry by itself if the connection is lost, or the refusal concerns the room", () => {
    const { catchup, asked, blocked, refuse } = catchingUp(3, 5);
    catchup.check();
    vi.advanceTimersByTime(500);
    refuse("disconnected", true);
    vi.advanceTimersByTime(60_000);
    catchup.check();
    vi.advanceTimersByTime(1_000);
    refuse("notJoined", false);
    vi.advanceTimersByTime(60_000);
    expect([asked, blocked]).toEqual([[3, 3], ["notJoined"]]);
  });
});
