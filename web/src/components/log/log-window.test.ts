import { expect, test } from "vitest";
import { LogWindow, MAX_RENDERED } from "./log-window.ts";

const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => ({ seq: from + at }));
const shown = (window: LogWindow, entries: { seq?: number }[], atEnd = false) => {
  const { start, end } = window.range(entries, atEnd);
  return [entries[start]?.seq, entries[end - 1]?.seq];
};

test("a short log is rendered completely, and new entries are added", () => {
  const window = new LogWindow();
  expect(shown(window, numbered(1, 50), true)).toEqual([1, 50]);
  expect(shown(window, numbered(1, 60), true)).toEqual([1, 60]);
  expect(window.moveUp(numbered(1, 60))).toBe(false);
  expect(window.moveDown(numbered(1, 60))).toBe(false);
});

test("at the end of a long log the newest entries are rendered", () => {
  const window = new LogWindow();
  for (let to = 1; to <= 5_000; to++) {
    const [first = 0, last] = shown(window, numbered(1, to), true);
    expect(last).toBe(to);
    expect(to - first).toBeLessThan(MAX_RENDERED);
  }
});

test("it moves to the start and back without gaps and within its maximum size", () => {
  const window = new LogWindow();
  const entries = numbered(1, 2_000);
  shown(window, entries, true);
  let [first = 0, last = 0] = shown(window, entries, true);
  while (window.moveUp(entries)) {
    const [nextFirst = 0, nextLast = 0] = shown(window, entries);
    expect(nextFirst).toBeLessThan(first);
    expect(nextLast).toBeGreaterThanOrEqual(first);
    expect(nextLast - nextFirst).toBeLessThan(MAX_RENDERED);
    [first, last] = [nextFirst, nextLast];
  }
  expect(first).toBe(1);
  expect(window.isOpenEnded).toBe(false);
  while (window.moveDown(entries)) {
    const [nextFirst = 0, nextLast = 0] = shown(window, entries);
    expect(nextLast).toBeGreaterThan(last);
    expect(nextFirst).toBeLessThanOrEqual(last);
    expect(nextLast - nextFirst).toBeLessThan(MAX_RENDERED);
    [first, last] = [nextFirst, nextLast];
  }
  expect(last).toBe(2_000);
  expect(window.isOpenEnded).toBe(true);
});

test("entries that come or go outside the window do not move it", () => {
  const window = new LogWindow();
  shown(window, numbered(501, 1_000), true);
  window.moveUp(numbered(501, 1_000));
  window.moveUp(numbered(501, 1_000));
  const before = shown(window, numbered(501, 1_000));
  expect(shown(window, numbered(401, 1_500))).toEqual(before);
  expect(shown(window, numbered(601, 1_500))).toEqual([before[0], before[1]].map((seq) => Math.max(601, seq ?? 0)));
});

test("away from the end, new entries are added only up to the maximum size", () => {
  const window = new LogWindow();
  expect(shown(window, numbered(1, 50))).toEqual([1, 50]);
  expect(shown(window, numbered(1, 900))).toEqual([1, MAX_RENDERED]);
  expect(window.isOpenEnded).toBe(false);
  window.moveToEnd();
  expect(shown(window, numbered(1, 900), true)[1]).toBe(900);
});

test("when the log is replaced, the window shows the end of the new one", () => {
  const window = new LogWindow();
  shown(window, numbered(1, 900));
  expect(shown(window, numbered(5_000, 5_050), true)).toEqual([5_000, 5_050]);
  expect(window.isOpenEnded).toBe(true);
  shown(window, numbered(5_000, 5_900));
  expect(shown(window, numbered(10_000, 10_900))[1]).toBe(10_900);
  expect(window.isOpenEnded).toBe(true);
});

test("entries without a number are at the end", () => {
  const window = new LogWindow();
  const entries = [...numbered(1, 500), {}, {}];
  expect(window.range(entries, true).end).toBe(502);
  while (window.moveUp(entries));
  expect(window.range(entries, false).end).toBeLessThanOrEqual(300);
  while (window.moveDown(entries));
  expect(window.range(entries, true).end).toBe(502);
});

test.each([
  ["none", 0],
  ["a few", 5],
  ["many", 500],
])("it moves through more unsent messages than it renders, after %s that are sent", (_, sent) => {
  const window = new LogWindow();
  const entries = [...numbered(1, sent), ...Array.from({ length: 700 }, () => ({}))];
  const { length } = entries;
  const steps = (move: () => boolean) => {
    const ranges = [window.range(entries, false)];
    while (move()) ranges.push(window.range(entries, false));
    return ranges;
  };
  expect(window.range(entries, true)).toEqual({ start: length - 200, end: length });
  const up = steps(() => window.moveUp(entries));
  expect([up.at(-1), window.isOpenEnded]).toEqual([{ start: 0, end: MAX_RENDERED }, false]);
  const down = steps(() => window.moveDown(entries));
  expect([down.at(-1), window.isOpenEnded]).toEqual([{ start: length - MAX_RENDERED, end: length }, true]);
  for (const ranges of [up, down.reverse()]) {
    for (const [at, { start, end }] of ranges.entries()) {
      expect(end - start).toBeLessThanOrEqual(MAX_RENDERED);
      expect(start).toBeLessThan(ranges[at - 1]?.start ?? length);
      expect(end).toBeGreaterThan(ranges[at - 1]?.start ?? 0);
    }
  }
});

test("away from the end, unsent messages beyond the window do not count as rendered", () => {
  const window = new LogWindow();
  const entries = [...numbered(1, 5), ...Array.from({ length: 400 }, () => ({}))];
  expect(window.range(entries, false)).toEqual({ start: 0, end: MAX_RENDERED });
  expect(window.isOpenEnded).toBe(false);
  expect(window.range(entries, true)).toEqual({ start: 0, end: MAX_RENDERED });
});
