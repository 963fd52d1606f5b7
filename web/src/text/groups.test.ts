import { expect, test } from "vitest";
import type { RoomMessage } from "../../../client/src/index.ts";
import { groupMessages } from "./groups.ts";

const MINUTE = 60_000;
const noon = new Date(2025, 5, 1, 12).getTime();

function said(userId: string, at: number): RoomMessage {
  return { id: `${userId}${at}`, from: { userId, name: userId }, text: "", at, own: false, status: "sent" };
}

function shape(messages: RoomMessage[]): string[] {
  return groupMessages(messages).map(
    ({ startsDay, startsGroup, endsGroup }) =>
      `${startsDay ? "day " : ""}${startsGroup ? "[" : ""}${endsGroup ? "]" : ""}`,
  );
}

test("a group is what one person says within five minutes", () => {
  const messages = [said("a", noon), said("a", noon + MINUTE), said("b", noon + MINUTE), said("b", noon + 7 * MINUTE)];
  expect(shape(messages)).toEqual(["day [", "]", "[]", "[]"]);
});

test("midnight starts a new day and a new group", () => {
  const midnight = new Date(2025, 5, 2).getTime();
  expect(shape([said("a", midnight - MINUTE), said("a", midnight + MINUTE)])).toEqual(["day []", "day []"]);
});
