import { expect, test } from "vitest";
import { cleanName, lengthOf, wellFormed } from "./normalize.ts";

test("lengths are in Unicode scalar values", () => {
  expect(lengthOf("😀é")).toBe(2);
  expect(lengthOf("👩‍👧")).toBe(3);
});

test("a half of a surrogate pair is replaced, a whole one is kept", () => {
  expect(wellFormed("a\uD83D b 😀")).toBe("a\uFFFD b 😀");
});

test("names are one trimmed, composed line without direction overrides", () => {
  expect(cleanName("  Zoe\u0308\n\u202EX ")).toBe("Zoë  X");
});

test("a name that shows nothing is empty", () => {
  for (const name of [" ", "\u0085", "\uFEFF", "\u3164", "\u2800 \u200B", "\u200F"]) expect(cleanName(name)).toBe("");
  expect(cleanName("\u3164a")).toBe("\u3164a");
});
