import { expect, test } from "vitest";
import type { RoomMessage } from "../../../client/src/index.ts";
import { describe } from "./message-label.ts";

const message = (text: string, more: Partial<RoomMessage> = {}): RoomMessage => ({
  id: "m",
  from: { userId: "a", name: "Ada" },
  text,
  at: 0,
  own: false,
  status: "sent",
  reactions: [],
  ...more,
});

test("a message is named by its author and its beginning, on one line", () => {
  expect(describe(message("Hello\n  Bo"))).toBe("Ada's message: Hello Bo");
  expect(describe(message("Hello", { own: true }))).toBe("your message: Hello");
  expect(describe(message("", { deletedAt: 1 }))).toBe("Ada's message");
});

test("a long one is cut between characters", () => {
  expect(describe(message("😀".repeat(4_000)))).toBe(`Ada's message: ${"😀".repeat(40)}…`);
  expect(describe(message("w".repeat(40)))).toBe(`Ada's message: ${"w".repeat(40)}`);
});
