// A coloured disc with initials; the colour goes with the person, not with the name.
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
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word) => firstCharacter(word ?? "").toUpperCase()).join("");
}

/** The first thing that a reader sees as one character: an emoji with its modifiers, a letter with its accents. */
function firstCharacter(word: string): string {
  const [first] = new Intl.Segmenter().segment(word);
  return first?.segment ?? "";
}
