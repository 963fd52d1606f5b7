import { expect, test } from "vitest";
import type { RoomInfo } from "../../../client/src/index.ts";
import { accessText } from "./access-text.ts";
import { endingText, isRoomOver } from "./ending-text.ts";
import { occupancy, rulesChangedText, summaryText } from "./rules-text.ts";
import { ago, clockTime, duration } from "./time.ts";

const now = new Date(2025, 5, 10, 12).getTime();
const none = { passwordRequired: false, uniqueNames: false };
const all = {
  endsAt: now,
  maxPeople: 20,
  passwordRequired: true,
  uniqueNames: true,
  endsWithoutOwnerAfterSeconds: 300,
  slowModeSeconds: 30,
  locked: true,
};

test("changed rules are listed, if they are known", () => {
  expect(rulesChangedText(undefined, now)).toBe("changed the room's rules");
  expect(rulesChangedText(none, now)).toBe("changed the room's rules: no limits");
  expect(rulesChangedText(all, now)).toBe(
    `changed the room's rules: ends ${clockTime(now)}, at most 20 people, password required, no two names alike, ends when the owner is away for ${duration(300)}, one message every ${duration(30)}, only moderators write`,
  );
});

test("what moderators change about a room is told by itself, if it is known how the room was", () => {
  expect(rulesChangedText({ ...none, locked: true }, now, {})).toBe("locked the room: only moderators can write");
  expect(rulesChangedText(none, now, { locked: true })).toBe("unlocked the room: everyone can write");
  expect(rulesChangedText({ ...none, slowModeSeconds: 30, locked: true }, now, { locked: true })).toBe(
    `turned on slow mode: one message every ${duration(30)}`,
  );
  expect(rulesChangedText(none, now, { slowModeSeconds: 30, locked: true })).toBe(
    "unlocked the room: everyone can write, and turned off slow mode",
  );
  expect(rulesChangedText({ ...none, maxPeople: 20 }, now, {})).toBe("changed the room's rules: at most 20 people");
});

test("a room is summed up before joining", () => {
  const room = { createdAt: now, ...none } as RoomInfo;
  expect(summaryText(room, now)).toBe(`Created ${ago(now, now)}.`);
  expect(summaryText({ ...room, ...all }, now)).toBe(
    `Created ${ago(now, now)}. Ends ${clockTime(now)}. No two names alike. Ends when its owner is away for ${duration(300)}.`,
  );
  expect(occupancy({ people: 0 })).toBe("No one here yet");
  expect(occupancy({ people: 1 })).toBe("1 person here now");
  expect(occupancy({ people: 3, maxPeople: 20 })).toBe("3 of 20 people here now");
  expect(accessText(all)).toBe("Anyone with the link and the password can join");
});

test("every reason to be out of a room is a sentence, also one of a later server", () => {
  const reasons = [
    "closed",
    "expired",
    "idle",
    "ownerAway",
    "passRequired",
    "nameTaken",
    "kicked",
    "banned",
    "constructor",
    "",
  ];
  const texts = reasons.map(endingText);
  for (const text of texts) expect(text).toMatch(/^[A-Z].*\.$/);
  expect(new Set(texts).size).toBe(9);
  expect(reasons.filter(isRoomOver)).toEqual(["closed", "expired", "idle", "ownerAway"]);
});
