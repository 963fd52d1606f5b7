import { expect, test } from "vitest";
import { ago, dayName, sameDay } from "./time.ts";

const now = new Date(2025, 5, 10, 1, 0).getTime();
const before = (hours: number, minutes = 0) => now - (hours * 60 + minutes) * 60_000;

test("times become coarser with age", () => {
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  expect(ago(before(0), now)).toBe(words.format(0, "second"));
  expect(ago(before(0, 5), now)).toBe(words.format(-5, "minute"));
  expect(ago(before(3, 30), now)).toBe(words.format(-3, "hour"));
  expect(ago(before(26), now)).toBe(words.format(-2, "day"));
});

test("a time in the future counts as now", () => {
  expect(ago(now + 60_000, now)).toBe(ago(now, now));
});

test("days are local calendar days", () => {
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  expect(dayName(before(0, 30), now)).toBe(words.format(0, "day"));
  expect(dayName(before(2), now)).toBe(words.format(-1, "day"));
  expect(sameDay(before(2), now)).toBe(false);
});
