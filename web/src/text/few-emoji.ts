// Finds messages of a few emoji, which are shown larger.

const one =
  "(?:\\p{RI}{2}|[0-9#*]\\uFE0F?\\u20E3|(?:\\p{Emoji_Presentation}|\\p{ExtPict}(?=[\\uFE0F\\p{EMod}]))[\\uFE0F\\p{EMod}]*[\\u{E0020}-\\u{E007F}]*(?:\\u200D\\p{ExtPict}[\\uFE0F\\p{EMod}]*)*)";
const upToThree = new RegExp(`^\\s*(?:${one}\\s*){1,3}$`, "u");

/** Whether the text is nothing but one to three emoji. */
export function isFewEmoji(text: string): boolean {
  return text.length < 200 && upToThree.test(text);
}
