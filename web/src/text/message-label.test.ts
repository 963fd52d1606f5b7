import { expect, test } from "vitest";
import type { RoomMessage } from "../../../client/src/index.ts";
import { messageLabel } from "./message-label.ts";

const message = (text: string, more: Partial<RoomMessage> = {}): RoomMessage => ({
  id: "m",
  from: { userId: "a", name: "Ada" },
  text,
  at: 0,
  own: false,
  mentions: [],
  mentionsRoom: false,
  status: "sent",
  reactions: [],
  ...more,
});

test("a label has the author and the start of the text, on one line", () => {
  expect(messageLabel(message("Hello\n  Bo"))).toBe("Ada's message: Hello Bo");
  expect(messageLabel(message("Hello", { own: true }))).toBe("your message: Hello");
  expect(messageLabel(message("", { deletedAt: 1 }))).toBe("Ada's message");
});

test("a long text is cut between characters", () => {
  expect(messageLabel(message("😀".repeat(4_000)))).toBe(`Ada's message: ${"😀".repeat(40)}…`);
  expect(messageLabel(message("w".repeat(40)))).toBe(`Ada's message: ${"w".repeat(40)}`);
});
