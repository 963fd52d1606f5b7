import { expect, test } from "vitest";
import type { LogEvent } from "../../../client/src/index.ts";
import { transcript } from "./transcript.ts";

const at = new Date(2026, 10, 30, 14, 5, 9).getTime();
const ada = { userId: "guest-1a2b", name: "Ada" };
const other = { userId: "guest-9z8y", name: "Ada" };
const bo = { userId: "guest-3c4d", name: "Bo" };
const bot = { userId: "bot:concierge", name: "Concierge", bot: true };
const about = { room: "r", epoch: "e", at };

test("a transcript has names, times, edits and deletions, and tells people of one name apart", () => {
  const events: LogEvent[] = [
    { type: "notice", ...about, seq: 1, kind: "renamed", name: "Tea", topic: "Cups", by: bo },
    { type: "message", ...about, seq: 2, id: "1", from: ada, text: "One\nTwo" },
    { type: "message", ...about, seq: 3, id: "2", from: other, text: "Three", editedAt: at + 60_000 },
    { type: "message", ...about, seq: 4, id: "3", from: bo, text: "", deletedAt: at },
    { type: "change", ...about, seq: 5, of: 4, kind: "deleted", by: bo },
    { type: "notice", ...about, seq: 6, kind: "botAdded", name: "Tea", people: [bot], by: bo },
  ];
  expect(transcript("Tea", events, at).split("\n")).toEqual([
    "Tea",
    "Saved 2026-11-30 14:05:09",
    "",
    "[2026-11-30 14:05:09] * Bo named the room Tea, topic: Cups",
    "[2026-11-30 14:05:09] Ada #1a2b: One",
    "    Two",
    "[2026-11-30 14:05:09] Ada #9z8y: Three (edited 2026-11-30 14:06:09)",
    "[2026-11-30 14:05:09] Bo: (deleted)",
    "[2026-11-30 14:05:09] * Bo added the bot Concierge",
    "",
  ]);
});
