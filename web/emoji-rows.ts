// The emoji that the page offers, made from Emojibase's data when the page is built.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { EmojiRow } from "./src/text/emoji-search.ts";

interface Entry {
  readonly hexcode: string;
  readonly emoji: string;
  readonly version: number;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group?: number;
  readonly skins?: readonly { readonly emoji: string }[];
}

/** Emojibase's groups, in the order of `GROUPS` in text/emoji-search.ts. Its third one has parts of emoji only. */
const groups = [0, 1, 3, 4, 5, 6, 7, 8, 9];

/** The newest version of Emoji (2022) whose emoji the fonts of most devices have. */
const NEWEST = 15;

const require = createRequire(import.meta.url);
const read = (file: string) => JSON.parse(readFileSync(require.resolve(`emojibase-data/en/${file}`), "utf8"));

export const entries: readonly Entry[] = read("data.json");

/** Returns the emoji of each group. */
export function emojiRows(): EmojiRow[][] {
  const codes: Record<string, string | readonly string[]> = read("shortcodes/github.json");
  const offered = entries.filter(({ version }) => version <= NEWEST);
  const rowOf = ({ hexcode, emoji, label, tags = [], skins }: Entry): EmojiRow => [
    // Emojibase also marks those as emoji that nothing else could be.
    emoji.replace(/(?<=\p{Emoji_Presentation})\uFE0F/gu, ""),
    label,
    [codes[hexcode] ?? []].flat().join(" "),
    tags.join(" "),
    skins ? 1 : 0,
  ];
  return groups.map((wanted) => offered.filter(({ group }) => group === wanted).map(rowOf));
}
