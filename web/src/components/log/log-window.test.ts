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
  shown(window, numbered(5_000, 5_900));
  expect(shown(window, numbered(10_000, 10_900))[1]).toBe(10_900);
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

test.each([
  ["none", 0],
  ["a few", 5],
  ["many", 500],
])("it walks through more unsent messages than it shows, after %s that are sent", (_, sent) => {
  const window = new LogWindow();
  const entries = [...numbered(1, sent), ...Array.from({ length: 700 }, () => ({}))];
  const { length } = entries;
  const steps = (move: () => boolean) => {
    const ranges = [window.range(entries, false)];
    while (move()) ranges.push(window.range(entries, false));
    return ranges;
  };
  expect(window.range(entries, true)).toEqual({ start: length - 200, end: length });
  const up = steps(() => window.older(entries));
  expect([up.at(-1), window.hasEnd]).toEqual([{ start: 0, end: MOST_SHOWN }, false]);
  const down = steps(() => window.newer(entries));
  expect([down.at(-1), window.hasEnd]).toEqual([{ start: length - MOST_SHOWN, end: length }, true]);
  for (const ranges of [up, down.reverse()]) {
    for (const [at, { start, end }] of ranges.entries()) {
      expect(end - start).toBeLessThanOrEqual(MOST_SHOWN);
      expect(start).toBeLessThan(ranges[at - 1]?.start ?? length);
      expect(end).toBeGreaterThan(ranges[at - 1]?.start ?? 0);
    }
  }
});

test("while one reads above, unsent messages do not count as shown before they are", () => {
  const window = new LogWindow();
  const entries = [...numbered(1, 5), ...Array.from({ length: 400 }, () => ({}))];
  expect(window.range(entries, false)).toEqual({ start: 0, end: MOST_SHOWN });
  expect(window.hasEnd).toBe(false);
  expect(window.range(entries, true)).toEqual({ start: 0, end: MOST_SHOWN });
});
