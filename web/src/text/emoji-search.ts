// Finds emoji by what people type, and gives them skin tones.
import { fold } from "./match.ts";

/** An emoji, its name, its short codes and more words for it, each separated by spaces, and 1 if it can have a skin tone. */
export type EmojiRow = readonly [emoji: string, name: string, codes: string, words: string, hasTones: 0 | 1];

export const GROUPS = [
  "Smileys",
  "People",
  "Animals and nature",
  "Food and drink",
  "Travel and places",
  "Activities",
  "Objects",
  "Symbols",
  "Flags",
];

/** The skin tones: none, then Unicode's five modifiers. */
export const TONES = ["", "🏻", "🏼", "🏽", "🏾", "🏿"];

const base = /(\p{Emoji_Modifier_Base})\uFE0F?/gu;
/** A handshake that joins two people takes no tone of its own. */
const HANDSHAKE = "🤝";

/** Gives every person in an emoji that can have a skin tone this one. */
export function withTone(emoji: string, tone: string): string {
  if (tone === "") return emoji;
  return emoji.replace(base, (matched, person: string, at: number) =>
    person === HANDSHAKE && at > 0 ? matched : person + tone,
  );
}

/**
 * Returns the emoji that fit what was typed: first those whose short code it is, then those whose code or name begins with it,
 * then those that have each of its words.
 */
export function searchEmoji(rows: readonly EmojiRow[], query: string, most: number): EmojiRow[] {
  const wanted = fold(query).trim();
  const parts = wanted.split(/[\s_]+/);
  const ranked: EmojiRow[][] = [[], [], []];
  for (const row of rows) {
    const [, name, codes, words] = row;
    const allCodes = codes.split(" ");
    const all = `${fold(name)} ${codes.replaceAll("_", " ")} ${words}`.split(/[\s:,]+/);
    if (allCodes.includes(wanted)) ranked[0]?.push(row);
    else if ([name, ...allCodes].some((text) => text.startsWith(wanted))) ranked[1]?.push(row);
    else if (parts.every((part) => all.some((word) => word.startsWith(part)))) ranked[2]?.push(row);
  }
  return ranked.flat().slice(0, most);
}

/** As long as the longest short code. */
const MAX_CODE = 40;
const beginning = new RegExp(`(?<![\\p{L}\\p{N}:])(:([a-z0-9_+-]{2,${MAX_CODE}})(:?))$`, "u");

/** Returns where the short code before the caret begins, and what of it is written. */
export function codeBefore(
  text: string,
  caret: number,
): { start: number; query: string; isComplete: boolean } | undefined {
  const from = Math.max(0, caret - MAX_CODE - 4);
  const found = beginning.exec(text.slice(from, caret));
  return found ? { start: from + found.index, query: found[2] ?? "", isComplete: found[3] === ":" } : undefined;
}
