import { expect, test, vi } from "vitest";
import type { RoomMessage } from "../../../client/src/index.ts";

vi.hoisted(() => {
  const target = { addEventListener: () => {}, hidden: false };
  Object.assign(globalThis, { addEventListener: () => {}, document: target, localStorage: {} });
});

const { activityOf, unreadText } = await import("./room-activity.ts");

const you = { userId: "you", name: "Ada" };
const bo = { userId: "bo", name: "Bo" };

function said(seq: number, changes: Partial<RoomMessage> = {}): RoomMessage {
  const own = changes.from === you;
  return {
    id: `${seq}`,
    from: bo,
    text: `Text ${seq}`,
    at: 0,
    mentions: [],
    mentionsRoom: false,
    own,
    status: "sent",
    seq,
    epoch: "e",
    reactions: [],
    ...changes,
  };
}

const nobody = () => false;
const room = (messages: readonly RoomMessage[], first = 1) => ({ messages, first, you, count: 1 });

test("unread are others' messages after the place that are not deleted", () => {
  const messages = [said(1), said(2, { from: you }), said(3, { deletedAt: 1 }), said(4), said(5)];
  expect(activityOf(room(messages), 0, nobody)).toMatchObject({ unread: 3, isMore: false, isMentioned: false });
  expect(activityOf(room(messages), 4, nobody)).toMatchObject({ unread: 1 });
  expect(activityOf(room(messages), 5, nobody)).toMatchObject({ unread: 0 });
});

test("a mention counts only while it is unread, also one of the whole room", () => {
  const messages = [said(1, { mentions: ["you"] }), said(2, { mentions: ["bo"] }), said(3)];
  expect(activityOf(room(messages), 0, nobody).isMentioned).toBe(true);
  expect(activityOf(room(messages), 1, nobody).isMentioned).toBe(false);
  expect(activityOf(room([...messages, said(4, { mentionsRoom: true })]), 3, nobody).isMentioned).toBe(true);
});

test("messages of hidden people do not count, and are not the line", () => {
  const messages = [said(1), said(2, { from: you }), said(3, { mentionsRoom: true })];
  expect(activityOf(room(messages), 0, (userId) => userId === "bo")).toMatchObject({
    unread: 0,
    isMentioned: false,
    line: "You: Text 2",
  });
});

test("there are more unread ones than are loaded if the log starts after the place", () => {
  expect(activityOf(room([said(50)], 50), 49, nobody).isMore).toBe(false);
  expect(activityOf(room([said(50)], 50), 10, nobody).isMore).toBe(true);
});

test("the line is the latest message that is there, or who is here", () => {
  expect(activityOf(room([said(1), said(2, { from: you })]), 0, nobody).line).toBe("You: Text 2");
  expect(activityOf(room([said(1), said(2, { deletedAt: 1 })]), 0, nobody).line).toBe("Bo: Text 1");
  expect(activityOf(room([]), 0, nobody).line).toBe("Only you are here");
  expect(activityOf({ ...room([]), count: 3 }, 0, nobody).line).toBe("3 people here");
});

test.each([
  [0, false, ""],
  [0, true, ""],
  [7, false, "7"],
  [7, true, "7+"],
  [99, false, "99"],
  [100, false, "99+"],
])("%d unread messages, more than are loaded: %s, are shown as %j", (unread, isMore, text) => {
  expect(unreadText({ unread, isMore })).toBe(text);
});
