// Dates and times in the reader's locale and time zone.

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const dateAndClock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const shortDate = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A name and its length in seconds. */
type Unit = readonly [unit: string, length: number];

const second: Unit = ["second", 1];
/** Longest first. */
const units: readonly Unit[] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

export function clockTime(at: number): string {
  return clock.format(at);
}

export function fullTime(at: number): string {
  return full.format(at);
}

/** "now", "5 minutes ago", "3 hours ago", "yesterday". */
export function ago(at: number, now: number): string {
  const past = Math.max(0, now - at);
  if (past < MINUTE) return relative.format(0, "second");
  if (past < HOUR) return relative.format(-Math.floor(past / MINUTE), "minute");
  if (past < 24 * HOUR) return relative.format(-Math.floor(past / HOUR), "hour");
  return relative.format(-daysBetween(at, now), "day");
}

/** "90 seconds", "1 hour", "7 days": exact, in the largest unit. */
export function duration(seconds: number): string {
  return inUnit(seconds, units.find(([, length]) => seconds % length === 0) ?? second);
}

/** "1:59" in the last two minutes; before that "12 min", "5 hr", "30 days", rounded. */
export function timeLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 120) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return inUnit(seconds, units.find(([, length]) => seconds >= 2 * length) ?? second, "short");
}

function inUnit(seconds: number, [unit, length]: Unit, unitDisplay: "long" | "short" = "long"): string {
  return new Intl.NumberFormat(undefined, { style: "unit", unit, unitDisplay }).format(Math.round(seconds / length));
}

/** "14:30" today, "7 Mar 2025, 14:30" on another day. */
export function momentTime(at: number, now: number): string {
  return sameDay(at, now) ? clock.format(at) : dateAndClock.format(at);
}

/** "14:30" today, "7 Mar" on another day, with the year if it is not the current one. */
export function shortTime(at: number, now: number): string {
  if (sameDay(at, now)) return clock.format(at);
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? dayAndMonth : shortDate).format(at);
}

/** "Today", "Tomorrow", "Yesterday", "Monday, 3 March"; with the year if it is not the current one. */
export function dayName(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (Math.abs(days) <= 1) return relative.format(-days, "day");
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? weekday.format(at) : date.format(at);
}

export function sameDay(one: number, other: number): boolean {
  return startOfDay(one) === startOfDay(other);
}

/** Counts local calendar days. Rounding absorbs the hour by which a daylight saving change shifts a day. */
function daysBetween(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / (24 * HOUR));
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
