import { afterEach, beforeEach, expect, test, vi } from "vitest";

let announcer: typeof import("./announcer.ts");
const told = () => announcer.announcements.value.map(({ text }) => text);

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  announcer = await import("./announcer.ts");
});
afterEach(() => {
  vi.useRealTimers();
});

test("the first announcement is made at once, the next ones together a second later", () => {
  const messages = (amount: number) => `${amount} new messages`;
  announcer.announce("Ada: One", messages);
  vi.advanceTimersByTime(0);
  expect(told()).toEqual(["Ada: One"]);
  for (const text of ["Ada: Two", "Bo: Three", "Ada: Four"]) announcer.announce(text, messages);
  announcer.announce("Link copied");
  announcer.announce("Link copied");
  vi.advanceTimersByTime(999);
  expect(told()).toEqual(["Ada: One"]);
  vi.advanceTimersByTime(1);
  expect(told()).toEqual(["Ada: One", "3 new messages. Link copied"]);
});

test("however much happens, there is at most one announcement a second", () => {
  const presence = (amount: number) => `${amount} people joined`;
  let before = 0;
  for (let tenth = 0; tenth < 100; tenth++) {
    for (let at = 0; at < 5; at++) announcer.announce(`Person ${tenth} ${at} joined`, presence);
    vi.advanceTimersByTime(100);
    const newest = announcer.announcements.value.at(-1)?.key ?? 0;
    if (tenth % 10 === 9) {
      expect(newest - before).toBeLessThanOrEqual(1);
      before = newest;
    }
  }
  vi.runAllTimers();
  expect(told()).toHaveLength(5);
});

test("a clock that is set back does not hold up the next announcement", () => {
  announcer.announce("Ada joined");
  vi.runAllTimers();
  vi.setSystemTime(Date.now() - 3_600_000);
  announcer.announce("Bo joined");
  vi.advanceTimersByTime(1_000);
  expect(told()).toEqual(["Ada joined", "Bo joined"]);
});

test("one announcement of a kind is made in its own words", () => {
  announcer.announce("Ada joined", (amount) => `${amount} people joined`);
  announcer.announce("Bo left", (amount) => `${amount} people left`);
  vi.runAllTimers();
  expect(told()).toEqual(["Ada joined. Bo left"]);
});

test("sentences are told apart, and an announcement alone is as it was given", () => {
  announcer.announce("You are a new guest now.");
  vi.runAllTimers();
  announcer.announce("Not sent. Try again.");
  announcer.announce("Is it?");
  announcer.announce("Bo left");
  vi.runAllTimers();
  expect(told()).toEqual(["You are a new guest now.", "Not sent. Try again. Is it? Bo left"]);
});
