// A room's rules in words.
import type { RoomInfo, RoomRules } from "../../../client/src/index.ts";
import { countPeople } from "./count.ts";
import { ago, duration, momentTime } from "./time.ts";

/** The rules that moderators may change. */
export type ModerationRules = Pick<RoomRules, "slowModeSeconds" | "locked" | "reviewed">;

/** "ends 14:30, at most 20 people, password required". */
function rulesText(rules: RoomRules, now: number): string {
  const { endsAt, maxPeople, passwordRequired, uniqueNames, endsWithoutOwnerAfterSeconds: absence } = rules;
  const { slowModeSeconds: slow, locked, reviewed } = rules;
  const texts = [
    endsAt !== undefined && `ends ${momentTime(endsAt, now)}`,
    maxPeople !== undefined && `at most ${countPeople(maxPeople)}`,
    passwordRequired && "password required",
    uniqueNames && "no two names alike",
    absence !== undefined && `ends when the owner is away for ${duration(absence)}`,
    slow !== undefined && slowModeText(slow),
    locked && "only moderators write",
    reviewed && "messages are reviewed",
  ].filter(Boolean);
  return texts.join(", ") || "no limits";
}

/** "Created 5 minutes ago. Ends 14:30. No two names alike." */
export function summaryText(room: RoomInfo, now: number): string {
  const { endsAt, uniqueNames, endsWithoutOwnerAfterSeconds: absence } = room;
  const texts = [
    `Created ${ago(room.createdAt, now)}`,
    endsAt !== undefined && `Ends ${momentTime(endsAt, now)}`,
    uniqueNames && "No two names alike",
    absence !== undefined && `Ends when its owner is away for ${duration(absence)}`,
  ];
  return `${texts.filter((text) => text !== false).join(". ")}.`;
}

/** What a person did who changed the rules, to these if they are known. `before`: some of what they were, if that is known. */
export function rulesChangedText(rules: RoomRules | undefined, now: number, before?: ModerationRules): string {
  if (rules && before) {
    const { slowModeSeconds: slow, locked = false, reviewed = false } = rules;
    const changes = [
      locked !== (before.locked ?? false) &&
        (locked ? "locked the room: only moderators can write" : "unlocked the room: everyone can write"),
      reviewed !== (before.reviewed ?? false) && `turned ${reviewed ? "on" : "off"} the review of messages`,
      slow !== before.slowModeSeconds &&
        (slow === undefined ? "turned off slow mode" : `turned on slow mode: ${slowModeText(slow)}`),
    ].filter(Boolean);
    if (changes.length > 0) return changes.join(", and ");
  }
  return `changed the room's rules${rules ? `: ${rulesText(rules, now)}` : ""}`;
}

export function slowModeText(seconds: number): string {
  return `one message every ${duration(seconds)}`;
}

/** "3 of 20 people here now". */
export function occupancy({ people, maxPeople }: Pick<RoomInfo, "people" | "maxPeople">): string {
  if (maxPeople !== undefined) return `${people} of ${countPeople(maxPeople)} here now`;
  return people > 0 ? `${countPeople(people)} here now` : "No one here yet";
}
