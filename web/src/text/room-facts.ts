// When a room ends and what holds in it, in words.
import type { RoomRules } from "../../../client/src/index.ts";
import { countPeople } from "./count.ts";
import { slowModeText } from "./rules-text.ts";
import { clockTime, dayName, duration } from "./time.ts";

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** A name and its length in milliseconds, longest first. */
const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** "in 5 minutes", "in 3 hours", "in 2 days", rounded. */
function until(at: number, now: number): string {
  const ms = Math.max(0, at - now);
  const [unit, length] = units.find(([, length]) => ms >= 2 * length) ?? ["minute", 60_000];
  return relative.format(Math.round(ms / length), unit);
}

/** When and why the room ends: "Ends today at 14:30, in 2 hours". */
export function endTexts({ endsAt, endsWithoutOwnerAfterSeconds: absence }: RoomRules, now: number): string[] {
  return [
    endsAt === undefined
      ? "Ends when nobody has written for 24 hours"
      : `Ends ${dayName(endsAt, now).toLowerCase()} at ${clockTime(endsAt)}, ${until(endsAt, now)}`,
    ...(absence === undefined ? [] : [`Ends when its owner is away for ${duration(absence)}`]),
  ];
}

/** What holds in the room while it lasts. */
export function ruleTexts({ maxPeople, uniqueNames, slowModeSeconds, locked }: RoomRules): string[] {
  return [
    ...(maxPeople === undefined ? [] : [`At most ${countPeople(maxPeople)}`]),
    ...(uniqueNames ? ["No two names alike"] : []),
    ...(slowModeSeconds === undefined ? [] : [`Slow mode: ${slowModeText(slowModeSeconds)}`]),
    ...(locked ? ["Locked: only moderators can write"] : []),
  ];
}
