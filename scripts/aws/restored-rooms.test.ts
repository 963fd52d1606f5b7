// What is changed in a restored room, so that it can continue.
import { expect, test } from "vitest";
import { restoredNames, secondOf } from "./recovery.ts";
import { agreed, continued } from "./restored-rooms.ts";

const NOW = Date.parse("2026-11-30T12:00:30Z");
const TOMORROW = Date.parse("2026-12-01T12:01:00Z") / 1_000;
const row = { roomId: "r", epoch: "e", seq: 5, seqAt: 1, draw0: "a", expiresAt: 1 };

test("a number that people have seen is not drawn again, also by a draw that is repeated", () => {
  const live = { ...row, seq: 9, seqAt: 2, draw0: "d", draw1: "c" };
  expect(continued(row, live, NOW)).toEqual({ seq: 9, seqAt: 2, draw0: "d", draw1: "c", expiresAt: TOMORROW });
});

test.each([
  ["was cleared since", { ...row, epoch: "f", seq: 9 }],
  ["is gone", undefined],
  ["was not written to since", row],
  ["is a tombstone", { roomId: "r", closedAt: 1, endedFor: "closed" }],
])("a room that %s goes on from its own number", (_, live) => {
  expect(continued(row, live, NOW)).toEqual({ expiresAt: TOMORROW });
});

test("a room does not end because of the time between, unless its end is fixed", () => {
  expect(continued({ ...row, expiresAt: TOMORROW + 60 }, undefined, NOW)).toEqual({ expiresAt: TOMORROW + 60 });
  const owned = { ...row, ownerUntil: 1, absenceSeconds: 600, endsAt: 2 };
  expect(continued(owned, undefined, NOW)).toEqual({ expiresAt: TOMORROW, ownerUntil: NOW + 300_000 + 600_000 });
});

test("a room that was over stays over", () => {
  expect(continued({ ...row, closedAt: 1 }, undefined, NOW)).toBeUndefined();
  expect(continued({ roomId: "r", closedAt: 1, endedFor: "idle" }, undefined, NOW)).toBeUndefined();
});

test("a conversation's row agrees with its members, present and former", () => {
  const members = [{ version: 1 }, { version: 4, until: 9 }, { version: 3 }];
  expect(agreed(members)).toEqual({ membersVersion: 4, membersCount: 2 });
  expect(agreed([])).toEqual({ membersVersion: 0, membersCount: 0 });
});

test("Rooms is restored a second later, so that no event lacks its number, and Members with it", () => {
  const at = new Date("2026-11-30T12:00:00Z");
  expect(secondOf("rooms", at).getTime() - secondOf("messages", at).getTime()).toBe(1_000);
  expect(secondOf("members", at)).toEqual(secondOf("rooms", at));
  expect(restoredNames("parlor-prod", at).rooms).toBe("parlor-prod-Rooms-20261130T120000Z");
});
