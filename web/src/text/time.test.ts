import { expect, test } from "vitest";
import { ago, clockTime, dayName, duration, momentTime, sameDay, shortTime, timeLeft } from "./time.ts";

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

test("a duration is exact, in its largest unit", () => {
  const words = (unit: string, amount: number) =>
    new Intl.NumberFormat(undefined, { style: "unit", unit, unitDisplay: "long" }).format(amount);
  expect(duration(60)).toBe(words("minute", 1));
  expect(duration(90)).toBe(words("second", 90));
  expect(duration(600)).toBe(words("minute", 10));
  expect(duration(3600)).toBe(words("hour", 1));
  expect(duration(2_592_000)).toBe(words("day", 30));
});

test("the time left is coarse at first and counts seconds in the last two minutes", () => {
  const words = (unit: string, amount: number) =>
    new Intl.NumberFormat(undefined, { style: "unit", unit, unitDisplay: "short" }).format(amount);
  const SECOND = 1000;
  expect(timeLeft(30 * 86_400 * SECOND)).toBe(words("day", 30));
  expect(timeLeft(86_400 * SECOND)).toBe(words("hour", 24));
  expect(timeLeft(3600 * SECOND)).toBe(words("minute", 60));
  expect(timeLeft(600 * SECOND - 1)).toBe(words("minute", 10));
  expect(timeLeft(121 * SECOND)).toBe(words("minute", 2));
  expect([120_000, 119_001, 61_000, 59_999, 9_000, 1, 0].map(timeLeft)).toEqual([
    "2:00",
    "2:00",
    "1:01",
    "1:00",
    "0:09",
    "0:01",
    "0:00",
  ]);
});

test("a moment of another day has its date", () => {
  const noon = new Date(2025, 5, 10, 12).getTime();
  expect(momentTime(noon, now)).toBe(clockTime(noon));
  expect(momentTime(noon + 86_400_000, now)).toMatch(/11.*2025|2025.*11/);
});

test("a list shows the time of today and the day of before, with the year of another", () => {
  expect(shortTime(before(0, 30), now)).toBe(clockTime(before(0, 30)));
  const day = new Date(2025, 2, 7).getTime();
  expect(shortTime(day, now)).toBe(new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" }).format(day));
  expect(shortTime(new Date(2023, 2, 7).getTime(), now)).toContain("2023");
});
