import { expect, test } from "vitest";
import { isFewEmoji } from "./few-emoji.ts";

test.each(["👍", "❤️", "👍🏽", "✌🏽", "🇨🇭", "1️⃣", "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "😀😀😀", " 🎉 🎉\n"])("%s is a few emoji", (text) => {
  expect(isFewEmoji(text)).toBe(true);
});

test.each(["", " ", "1", "12", "#", "©", "a👍", "👍!", "😀😀😀😀", "❤"])("%s is not", (text) => {
  expect(isFewEmoji(text)).toBe(false);
});
