import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { emojiRows, entries } from "../../emoji-rows.ts";
import { codeBefore, GROUPS, searchEmoji, TONES, withTone } from "./emoji-search.ts";

const rows = emojiRows();
const all = rows.flat();
const find = (query: string) => searchEmoji(all, query, 30).map(([emoji]) => emoji);

test("the server accepts every emoji that the page offers, in every skin tone", () => {
  const list = new URL("../../../handlers/protocol/src/emoji.txt", import.meta.url);
  const accepted = new Set(readFileSync(list, "utf8").split("\n"));
  const offered = all.flatMap(([emoji, , , , hasTones]) =>
    hasTones ? TONES.map((tone) => withTone(emoji, tone)) : [emoji],
  );
  expect(offered.filter((emoji) => !accepted.has(emoji))).toEqual([]);
  expect(rows).toHaveLength(GROUPS.length);
  expect(new Set(offered).size).toBe(offered.length);
});

test("skin tones are those of the emoji's data, for each person in it", () => {
  for (const { emoji, skins = [], group } of entries) {
    if (group === undefined || skins.length === 0) continue;
    const known = skins.map((skin) => skin.emoji);
    for (const tone of TONES.slice(1)) expect(known, emoji).toContain(withTone(emoji, tone));
  }
});

test("emoji are found by short code, name and other words, in this order", () => {
  expect(find("tada")[0]).toBe("🎉");
  expect(find("+1")[0]).toBe("👍");
  expect(find("cat")[0]).toBe("🐱");
  expect(find("party pop")[0]).toBe("🎉");
  expect(find("celebrat")).toContain("🎉");
  expect(find("THUMBS_UP")[0]).toBe("👍");
  expect(find("no such emoji")).toEqual([]);
});

test("a short code is completed where its beginning is before the caret", () => {
  const at = (text: string) => codeBefore(text, text.length);
  expect(at("Well :ta")).toEqual({ start: 5, query: "ta", isComplete: false });
  expect(at(":+1:")).toEqual({ start: 0, query: "+1", isComplete: true });
  expect(at("(:smile")).toEqual({ start: 1, query: "smile", isComplete: false });
  for (const text of [":t", "10:30", "a:tada", "http://x", "::ta", ": ta", ":Ta", `:${"a".repeat(41)}`]) {
    expect(at(text), text).toBeUndefined();
  }
  expect(codeBefore("x :tada y", 5)).toEqual({ start: 2, query: "ta", isComplete: false });
});
