import { expect, test } from "vitest";
import type { AuditEntry, Notice } from "../../../client/src/index.ts";
import { auditWords } from "./audit-text.ts";
import { noticeText, rulesBefore } from "./notice-text.ts";
import { duration } from "./time.ts";

const at = new Date(2026, 10, 30, 14, 5).getTime();
const ada = { userId: "a", name: "Ada" };
const ben = { userId: "b", name: "Ben" };
const notice: Notice = { room: "r", epoch: "e", seq: 1, kind: "cleared", name: "Tea", by: ada, at };
const tenMinutes = duration(600);

test.each([
  [{ kind: "kicked" }, "removed Ben from the room"],
  [{ kind: "banned", until: at + 600_000 }, `banned Ben for ${tenMinutes}`],
  [{ kind: "banned" }, "banned Ben"],
  [{ kind: "unbanned" }, "unbanned Ben"],
  [{ kind: "muted", until: at + 600_000 }, `muted Ben for ${tenMinutes}`],
  [{ kind: "unmuted" }, "unmuted Ben"],
  [{ kind: "appointed" }, "made Ben a moderator"],
  [{ kind: "dismissed" }, "removed Ben as a moderator"],
  [{ kind: "handedOver" }, "made Ben the owner"],
  [{ kind: "added" }, "added Ben"],
  [{ kind: "memberLeft" }, "left"],
  [{ kind: "cleared" }, "deleted all earlier messages"],
  [{ kind: "renamed", topic: "Cups" }, "named the room Tea, topic: Cups"],
  [{ kind: "renamed", room: "c-1" }, "named the group Tea"],
  [{ kind: "closed" }, "closed the room"],
  [{ kind: "constructor" as "closed" }, "changed something that this page does not know yet"],
] as [Partial<Notice>, string][])("the notice %j tells that somebody %s", (about, text) => {
  expect(noticeText({ ...notice, people: [ben], ...about }, undefined, at)).toBe(text);
});

test("the rules before a notice are known from an earlier one, or from the beginning of the room's first log", () => {
  const rules = { passwordRequired: false, uniqueNames: false, locked: true };
  const locked: Notice = { ...notice, seq: 4, kind: "rulesChanged", rules };
  const later: Notice = { ...locked, seq: 9 };
  expect(rulesBefore([locked, later], later, 3)).toBe(rules);
  expect(rulesBefore([locked, later], locked, 1)).toEqual({});
  expect(rulesBefore([locked, later], locked, 3)).toBeUndefined();
  expect(rulesBefore([notice, locked], locked, 1)).toBeUndefined();
});

test.each([
  [{ kind: "muted", until: at + 600_000 }, `muted Ben for ${tenMinutes}`],
  [{ kind: "handedOver" }, "made Ben the owner"],
  [{ kind: "locked" }, "locked the room: only moderators can write"],
  [{ kind: "unlocked" }, "unlocked the room: everyone can write"],
  [{ kind: "slowModeChanged", seconds: 600 }, `turned on slow mode: one message every ${tenMinutes}`],
  [{ kind: "slowModeChanged" }, "turned off slow mode"],
] as [Partial<AuditEntry>, string][])("the audit entry %j tells that somebody %s", (about, text) => {
  const [before, after] = auditWords({ at, kind: "kicked", by: ada, ...about });
  expect(text).toBe(text.includes("Ben") ? `${before} Ben${after}` : before);
});
