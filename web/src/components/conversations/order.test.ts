import { expect, test } from "vitest";
import type { Conversation } from "../../../../client/src/index.ts";
import { latestText, orderKeeping } from "./order.ts";

const [ada, bob] = ["Ada", "Bob"].map((name) => ({ userId: name.toLowerCase(), name }));

const conversation = (room: string, more: Partial<Conversation> = {}) =>
  ({ room, kind: "direct", members: [ada, bob], ...more }) as Conversation;

test("what is shown keeps its place while the pointer is over the list, and new conversations come last", () => {
  const list = ["c-new", "c-3", "c-1", "c-2"].map((room) => conversation(room));
  expect(orderKeeping(list, ["c-1", "c-2", "c-3"]).map(({ room }) => room)).toEqual(["c-1", "c-2", "c-3", "c-new"]);
});

test("the latest line names its sender where that is not clear, on one line", () => {
  const latest = (from = bob, text = "On my\n\nway ", deleted = false) => ({
    latest: { seq: 1, at: 0, from: from as { userId: string; name: string }, text, ...(deleted && { deleted }) },
  });
  expect(latestText(conversation("c-1"))).toBe("No messages yet");
  expect(latestText(conversation("c-1", latest()))).toBe("On my way");
  expect(latestText(conversation("c-1", latest(ada)))).toBe("You: On my way");
  expect(latestText(conversation("c-1", { kind: "group", ...latest() }))).toBe("Bob: On my way");
  expect(latestText(conversation("c-1", { kind: "group", ...latest(bob, "", true) }))).toBe("Bob: Message deleted");
});
