// What `npm run inspect` says about rows, also those that no function could read.
import { expect, test } from "vitest";
import { isOver, showEvent, showOccupants, showRoom } from "./show-room.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const HOUR = 3_600_000;
const room = {
  roomId: "0123456789abcdef",
  name: "Tea\u001b[2J",
  visibility: "unlisted",
  createdAt: NOW - HOUR,
  epoch: "e",
  seq: 3,
  seqAt: NOW - HOUR,
  expiresAt: (NOW + 24 * HOUR) / 1_000,
  sweepQueue: "open#1",
  sweepAt: NOW + HOUR,
  passKey: "the-key",
};
const lines = (row: object) => showRoom(row as typeof room, NOW).join("\n");

test("a room says when and why it will end, and what it takes to join, but not its key", () => {
  expect(lines(room)).toContain("open, ends 2026-12-01T12:00:00.000Z without activity");
  expect(lines(room)).toContain("rules         password");
  expect(lines(room)).not.toContain("the-key");
  expect(lines({ ...room, endsAt: NOW + HOUR, ownerUntil: NOW + 2 * HOUR })).toContain("at its fixed end");
  expect(lines({ ...room, ownerUntil: NOW + HOUR })).toContain("without its owner");
});

test("a name cannot move the terminal's cursor", () => expect(lines(room)).toContain(String.raw`"Tea\u001b[2J"`));

test("a room that is over says since when and what it waits for", () => {
  expect(isOver(room, NOW)).toBe(false);
  for (const [row, text] of [
    [{ ...room, endsAt: NOW }, "waits for the sweep"],
    [{ ...room, closedAt: NOW, endReason: "idle" }, "(idle), waits for the sweep to delete it"],
    [{ roomId: "r", closedAt: NOW, endedFor: "closed" }, "deleted; ended 2026-11-30T12:00:00.000Z (closed)"],
  ] as const) {
    expect(isOver(row, NOW)).toBe(true);
    expect(lines(row)).toContain(text);
  }
});

test("a room that the sweep cannot find says so, unless it has no end", () => {
  const { sweepQueue: _, ...lost } = room;
  expect(lines(lost)).toContain("in no queue: see CHANGELOG.md");
  for (const roomId of ["commons", "c-0123456789abcdef"]) {
    const endless = lines({ ...lost, roomId, expiresAt: 253_402_300_799 });
    expect(endless).toContain("open, has no end");
    expect(endless).toContain("in no queue, because it has no end");
    expect(lines({ ...lost, roomId, expiresAt: 253_402_300_799, closedAt: NOW })).toContain("waits for the sweep");
  }
});

test("a message's text is shown only if asked for, and its length otherwise", () => {
  const message = { type: "message", userId: "u", name: "Ada", text: "secret 🙂", at: NOW, editedAt: NOW };
  expect(showEvent(7, message, false)).toBe('     7  message  2026-11-30T12:00:00.000Z  u "Ada"  8 characters  edited');
  expect(showEvent(7, message, true)).toContain('"secret 🙂"');
});

test.each([
  ["no row", undefined, "empty"],
  ["a void", { type: "void", at: NOW }, "void"],
  ["a change", { type: "change", kind: "delete", of: 2, userId: "u", name: "Ada", at: NOW }, "delete of 2"],
  ["a notice", { type: "notice", kind: "cleared", userId: "u", name: "Ada", at: NOW }, "cleared"],
  ["a row of another version", { type: "poll" }, `the row's type is "poll"`],
  ["a row without a type", { text: 7 }, "unreadable"],
  ["a message whose fields have wrong types", { type: "message", text: 7, at: "soon" }, "no readable time"],
])("%s is a line", (_, row, text) => expect(showEvent(1, row, true)).toContain(text));

test("people are counted once, with their connections, and ended leases apart", () => {
  const at = (userId: string, leaseUntil: unknown) => ({ userId, name: userId.toUpperCase(), leaseUntil });
  const rows = [at("ada", NOW + 1), at("ada", NOW + HOUR), at("ben", NOW), at("eve", "never")];
  expect(showOccupants(rows, NOW)).toEqual([
    '  ada "ADA", 2 connections, until 2026-11-30T13:00:00.000Z',
    "  and 2 whose lease has ended, who do not count",
  ]);
  expect(showOccupants([], NOW)).toEqual(["  nobody"]);
});
