import { expect, test } from "vitest";
import type { Notice, RoomMessage } from "../../../../client/src/index.ts";
import { logEntries, logItems } from "./log-entries.ts";

const MINUTE = 60_000;
const noon = new Date(2025, 5, 1, 12).getTime();

function message(userId: string, at: number, seq?: number): RoomMessage {
  const from = { userId, name: userId };
  const extras = { mentions: [], mentionsRoom: false, reactions: [] };
  const fields = { id: `${userId}${at}`, from, text: "", at, own: false, ...extras };
  return seq === undefined ? { ...fields, status: "pending" } : { ...fields, status: "sent", seq };
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

test("messages of one person within five minutes form a group", () => {
  const messages = [
    message("a", noon, 1),
    message("a", noon + MINUTE, 2),
    message("b", noon + MINUTE, 3),
    message("b", noon + 7 * MINUTE, 4),
  ];
  expect(shape(messages)).toEqual(["day [", "]", "[]", "[]"]);
});

test("midnight starts a new day and a new group", () => {
  const midnight = new Date(2025, 5, 2).getTime();
  expect(shape([message("a", midnight - MINUTE, 1), message("a", midnight + MINUTE, 2)])).toEqual(["day []", "day []"]);
});

test("a notice is placed by its number, before unsent messages", () => {
  const messages = [message("a", noon, 1), message("a", noon + 1, 3), message("a", noon + 2)];
  expect(shape(messages, [renamed(noon, 2)])).toEqual(["day []", "notice", "[", "]"]);
  expect(shape(messages, [renamed(noon + 1, 4)])).toEqual(["day [", "]", "notice", "[]"]);
});

test("unsent messages come last, even if this machine's clock is wrong", () => {
  const month = 31 * 24 * 60 * MINUTE;
  for (const off of [-month, -MINUTE, 0, MINUTE, month]) {
    const messages = [
      message("b", noon, 1),
      message("a", noon + 1, 2),
      message("a", noon + off),
      message("a", noon + off + 1),
    ];
    expect(shape(messages)).toEqual(["day []", "[", "", "]"]);
    expect(shape(messages, [renamed(noon, 3)])).toEqual(["day []", "[]", "notice", "[", "]"]);
  }
});
