import { expect, test } from "vitest";
import { mentionPattern, mentionsIn } from "./mentions.ts";

const found = (text: string, ...names: string[]) => text.match(mentionPattern(names) ?? /$^/) ?? [];

test("a mention is @ and a whole name", () => {
  expect(found("@Ada, @Ada's and (@Ada)", "Ada")).toEqual(["@Ada", "@Ada", "@Ada"]);
  expect(found("ada@Ada, @Adam, @ada, Ada", "Ada")).toEqual([]);
  expect(found("@Ada Lovelace and @Ada", "Ada", "Ada Lovelace")).toEqual(["@Ada Lovelace", "@Ada"]);
  expect(found("@a.b (@c) @.* @x", "a.b", "c)", ".*")).toEqual(["@a.b", "@c)", "@.*"]);
  expect(found("@🦊 and @李", "🦊", "李")).toEqual(["@🦊", "@李"]);
  expect(mentionPattern([])).toBeUndefined();
});

test("who was chosen and is still in the text is mentioned, each once, and no more than a message may mention", () => {
  const [ada, ben] = [
    { name: "Ada", userId: "a" },
    { name: "Ben", userId: "b" },
  ];
  expect(mentionsIn("@Ada and @Ben", [ada, ben, ada])).toEqual({ mentions: ["a", "b"] });
  expect(mentionsIn("@Ben and Ada", [ada, ben])).toEqual({ mentions: ["b"] });
  expect(mentionsIn("@room and @Ben", [ben, { name: "room" }])).toEqual({ mentions: ["b"], mentionsRoom: true });
  expect(mentionsIn("@room", [{ name: "room", userId: "r" }])).toEqual({ mentions: ["r"] });
  expect(mentionsIn("@room", [])).toEqual({});
  const many = Array.from({ length: 21 }, (_, n) => ({ name: "Ada", userId: `${n}` }));
  expect(mentionsIn("@Ada", many).mentions).toHaveLength(20);
});

test("who was mentioned under a name that is not known stays while the text mentions anyone", () => {
  const unknown = { name: "", userId: "x" };
  expect(mentionsIn("@Somebody, hello", [unknown])).toEqual({ mentions: ["x"] });
  expect(mentionsIn("hello", [unknown])).toEqual({});
});
