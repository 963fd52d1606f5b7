import { afterEach, beforeEach, expect, test, vi } from "vitest";

let announcer: typeof import("./announcer.ts");
const texts = () => announcer.announcements.value.map(({ text }) => text);

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  announcer = await import("./announcer.ts");
});
afterEach(() => {
  vi.useRealTimers();
});

test("the first announcement comes immediately, later ones together after a second", () => {
  const messages = (amount: number) => `${amount} new messages`;
  announcer.announce("Ada: One", messages);
  vi.advanceTimersByTime(0);
  expect(texts()).toEqual(["Ada: One"]);
  for (const text of ["Ada: Two", "Bo: Three", "Ada: Four"]) announcer.announce(text, messages);
  announcer.announce("Link copied");
  announcer.announce("Link copied");
  vi.advanceTimersByTime(999);
  expect(texts()).toEqual(["Ada: One"]);
  vi.advanceTimersByTime(1);
  expect(texts()).toEqual(["Ada: One", "3 new messages. Link copied"]);
});

test("there is at most one announcement per second", () => {
  const presence = (amount: number) => `${amount} people joined`;
  let lastKey = 0;
  for (let tenth = 0; tenth < 100; tenth++) {
    for (let at = 0; at < 5; at++) announcer.announce(`Person ${tenth} ${at} joined`, presence);
    vi.advanceTimersByTime(100);
    const newest = announcer.announcements.value.at(-1)?.key ?? 0;
    if (tenth % 10 === 9) {
      expect(newest - lastKey).toBeLessThanOrEqual(1);
      lastKey = newest;
    }
  }
  vi.runAllTimers();
  expect(texts()).toHaveLength(5);
});

test("setting the clock back does not delay the next announcement", () => {
  announcer.announce("Ada joined");
  vi.runAllTimers();
  vi.setSystemTime(Date.now() - 3_600_000);
  announcer.announce("Bo joined");
  vi.advanceTimersByTime(1_000);
  expect(texts()).toEqual(["Ada joined", "Bo joined"]);
});

test("a single announcement of its kind is not summarized", () => {
  announcer.announce("Ada joined", (amount) => `${amount} people joined`);
  announcer.announce("Bo left", (amount) => `${amount} people left`);
  vi.runAllTimers();
  expect(texts()).toEqual(["Ada joined. Bo left"]);
});

test("joined sentences are separated by punctuation, and a single announcement is unchanged", () => {
  announcer.announce("You are a new guest now.");
  vi.runAllTimers();
  announcer.announce("Not sent. Try again.");
  announcer.announce("Is it?");
  announcer.announce("Bo left");
  vi.runAllTimers();
  expect(texts()).toEqual(["You are a new guest now.", "Not sent. Try again. Is it? Bo left"]);
});
