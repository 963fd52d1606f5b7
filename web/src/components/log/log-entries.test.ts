import { expect, test } from "vitest";
import type { Notice, RoomMessage } from "../../../../client/src/index.ts";
import { logEntries, logItems } from "./log-entries.ts";

const MINUTE = 60_000;
const noon = new Date(2025, 5, 1, 12).getTime();

function said(userId: string, at: number, seq?: number): RoomMessage {
  const about = { id: `${userId}${at}`, from: { userId, name: userId }, text: "", at, own: false, reactions: [] };
  return seq === undefined ? { ...about, status: "pending" } : { ...about, status: "sent", seq };
}

function renamed(at: number, seq: number): Notice {
  return { room: "r", epoch: "e", seq, at, kind: "renamed", name: "Tea", by: { userId: "a", name: "a" } };
}

function shape(messages: RoomMessage[], notices: Notice[] = []): string[] {
  return logItems(logEntries(messages, notices)).map((item) => {
    const day = item.startsDay ? "day " : "";
    if ("notice" in item) return `${day}notice`;
    return `${day}${item.startsGroup ? "[" : ""}${item.endsGroup ? "]" : ""}`;
  });
}

test("a group is what one person says within five minutes", () => {
  const messages = [
    said("a", noon, 1),
    said("a", noon + MINUTE, 2),
    said("b", noon + MINUTE, 3),
    said("b", noon + 7 * MINUTE, 4),
  ];
  expect(shape(messages)).toEqual(["day [", "]", "[]", "[]"]);
});

test("midnight starts a new day and a new group", () => {
  const midnight = new Date(2025, 5, 2).getTime();
  expect(shape([said("a", midnight - MINUTE, 1), said("a", midnight + MINUTE, 2)])).toEqual(["day []", "day []"]);
});

test("what happened to the room stands where it happened, and before what is not sent yet", () => {
  const messages = [said("a", noon, 1), said("a", noon + 1, 3), said("a", noon + 2)];
  expect(shape(messages, [renamed(noon, 2)])).toEqual(["day []", "notice", "[", "]"]);
  expect(shape(messages, [renamed(noon + 1, 4)])).toEqual(["day [", "]", "notice", "[]"]);
});

test("what waits to be sent stands under what was said, whatever this machine's clock says", () => {
  const month = 31 * 24 * 60 * MINUTE;
  for (const off of [-month, -MINUTE, 0, MINUTE, month]) {
    const messages = [said("b", noon, 1), said("a", noon + 1, 2), said("a", noon + off), said("a", noon + off + 1)];
    expect(shape(messages)).toEqual(["day []", "[", "", "]"]);
    expect(shape(messages, [renamed(noon, 3)])).toEqual(["day []", "[]", "notice", "[", "]"]);
  }
});
