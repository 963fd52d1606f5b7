import { expect, test } from "vitest";
import { mentionBefore, mentionOptions } from "./mention-options.ts";

test("a mention begins at an @ that no letter precedes, and ends at the caret", () => {
  const before = (text: string) => mentionBefore(text, text.length);
  expect(before("@")).toEqual({ start: 0, query: "" });
  expect(before("Hello (@Ada L")).toEqual({ start: 7, query: "Ada L" });
  expect(before("one @two @th")).toEqual({ start: 9, query: "th" });
  for (const text of ["", "Ada", "ada@example", "@Ada\n", "@@", `@${"x".repeat(33)}`]) {
    expect(before(text), text).toBeUndefined();
  }
  expect(mentionBefore("@Ada and @Ben", 3)).toEqual({ start: 0, query: "Ad" });
  expect(before(`a ${"x".repeat(500)} @${"😀".repeat(32)}`)?.query).toBe("😀".repeat(32));
});

test("people are offered by the beginning of any word of their name, without regard to case and accents", () => {
  const people = ["Ada Byron", "Ben", "Byron", "Zoë"].map((name) => ({ userId: name, name }));
  const names = (query: string, offersRoom = false) =>
    mentionOptions(query, people, offersRoom).map(({ name, userId }) => (userId ? name : `the ${name}`));
  expect(names("")).toEqual(["Ada Byron", "Ben", "Byron", "Zoë"]);
  expect(names("by")).toEqual(["Byron", "Ada Byron"]);
  expect(names("ada b")).toEqual(["Ada Byron"]);
  expect(names("ZOE")).toEqual(["Zoë"]);
  expect(names("x")).toEqual([]);
  expect(names("ro", true)).toEqual(["the room"]);
  expect(names("Ben ")).toEqual([]);
});

test("of many people a few are offered, and the room is among them", () => {
  const people = Array.from({ length: 50 }, (_, n) => ({ userId: `${n}`, name: `Guest ${n}` }));
  const options = mentionOptions("", people, true);
  expect(options).toHaveLength(8);
  expect(options.at(-1)).toEqual({ name: "room" });
});
