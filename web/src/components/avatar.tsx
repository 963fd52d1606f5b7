// A circle with initials. Its color depends on the person's id, so it survives a rename.
import type { Person } from "../../../client/src/index.ts";

const HUES = 8;

export function hueClass(userId: string): string {
  let hash = 0;
  for (const char of userId) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return `hue-${hash % HUES}`;
}

export function Avatar({ person }: { person: Person }) {
  return (
    <span class={`avatar ${hueClass(person.userId)}`} aria-hidden="true">
      {initials(person.name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const initialWords = words.length > 1 ? [words[0], words.at(-1)] : words;
  return initialWords.map((word) => firstGrapheme(word ?? "").toUpperCase()).join("");
}

/** Returns the first grapheme, such as an emoji with its modifiers or a letter with its accents. */
function firstGrapheme(word: string): string {
  const [first] = new Intl.Segmenter().segment(word);
  return first?.segment ?? "";
}
