import { expect, test } from "vitest";
import { LogWindow, MOST_SHOWN } from "./log-window.ts";

const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => ({ seq: from + at }));
const shown = (window: LogWindow, entries: { seq?: number }[], atEnd = false) => {
  const { start, end } = window.range(entries, atEnd);
  return [entries[start]?.seq, entries[end - 1]?.seq];
};

test("a short log is shown whole, and what comes is added", () => {
  const window = new LogWindow();
  expect(shown(window, numbered(1, 50), true)).toEqual([1, 50]);
  expect(shown(window, numbered(1, 60), true)).toEqual([1, 60]);
  expect(window.older(numbered(1, 60))).toBe(false);
  expect(window.newer(numbered(1, 60))).toBe(false);
});

test("at the end of a long log the newest are shown", () => {
  const window = new LogWindow();
  for (let to = 1; to <= 5_000; to++) {
    const [first = 0, last] = shown(window, numbered(1, to), true);
    expect(last).toBe(to);
    expect(to - first).toBeLessThan(MOST_SHOWN);
  }
});

test("it walks to the beginning and back without a hole and never grows too large", () => {
  const window = new LogWindow();
  const entries = numbered(1, 2_000);
  shown(window, entries, true);
  let [first = 0, last = 0] = shown(window, entries, true);
  while (window.older(entries)) {
    const [nextFirst = 0, nextLast = 0] = shown(window, entries);
    expect(nextFirst).toBeLessThan(first);
    expect(nextLast).toBeGreaterThanOrEqual(first);
    expect(nextLast - nextFirst).toBeLessThan(MOST_SHOWN);
    [first, last] = [nextFirst, nextLast];
  }
  expect(first).toBe(1);
  expect(window.hasEnd).toBe(false);
  while (window.newer(entries)) {
    const [nextFirst = 0, nextLast = 0] = shown(window, entries);
    expect(nextLast).toBeGreaterThan(last);
    expect(nextFirst).toBeLessThanOrEqual(last);
    expect(nextLast - nextFirst).toBeLessThan(MOST_SHOWN);
    [first, last] = [nextFirst, nextLast];
  }
  expect(last).toBe(2_000);
  expect(window.hasEnd).toBe(true);
});

test("what comes before or after it does not move it", () => {
  const window = new LogWindow();
  shown(window, numbered(501, 1_000), true);
  window.older(numbered(501, 1_000));
  window.older(numbered(501, 1_000));
  const before = shown(window, numbered(501, 1_000));
  expect(shown(window, numbered(401, 1_500))).toEqual(before);
  expect(shown(window, numbered(601, 1_500))).toEqual([before[0], before[1]].map((seq) => Math.max(601, seq ?? 0)));
});

test("while one reads above, new entries are added up to its size only", () => {
  const window = new LogWindow();
  expect(shown(window, numbered(1, 50))).toEqual([1, 50]);
  expect(shown(window, numbered(1, 900))).toEqual([1, MOST_SHOWN]);
  expect(window.hasEnd).toBe(false);
  window.toEnd();
  expect(shown(window, numbered(1, 900), true)[1]).toBe(900);
});

test("when other entries take their place, their end is shown", () => {
  const window = new LogWindow();
  shown(window, numbered(1, 900));
  expect(shown(window, numbered(5_000, 5_050), true)).toEqual([5_000, 5_050]);
  expect(window.hasEnd).toBe(true);
});

test("what has no number yet is at the end", () => {
  const window = new LogWindow();
  const entries = [...numbered(1, 500), {}, {}];
  expect(window.range(entries, true).end).toBe(502);
  while (window.older(entries));
  expect(window.range(entries, false).end).toBeLessThanOrEqual(300);
  while (window.newer(entries));
  expect(window.range(entries, true).end).toBe(502);
});
