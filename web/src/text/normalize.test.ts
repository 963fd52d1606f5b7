import { expect, test } from "vitest";
import { cleanName, lengthOf, wellFormed } from "./normalize.ts";

test("lengths are counted in Unicode scalar values", () => {
  expect(lengthOf("😀é")).toBe(2);
  expect(lengthOf("👩‍👧")).toBe(3);
});

test("a lone surrogate is replaced, a surrogate pair is kept", () => {
  expect(wellFormed("a\uD83D b 😀")).toBe("a\uFFFD b 😀");
});

test("names become one trimmed line in NFC, without direction overrides", () => {
  expect(cleanName("  Zoe\u0308\n\u202EX ")).toBe("Zoë  X");
});

test("a name without a visible character is empty", () => {
  for (const name of [" ", "\u0085", "\uFEFF", "\u3164", "\u2800 \u200B", "\u200F"]) expect(cleanName(name)).toBe("");
  expect(cleanName("\u3164a")).toBe("\u3164a");
});
