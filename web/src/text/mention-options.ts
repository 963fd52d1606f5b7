// Whom the list under the text offers while a mention is being written.
import type { Person } from "../../../client/src/index.ts";
import { fold } from "./match.ts";
import { type Mentioned, ROOM_NAME } from "./mentions.ts";

const MAX_OPTIONS = 8;
/** As long as a person's name may be. */
const MAX_QUERY = 32;

const beginning = new RegExp(`(?<![\\p{L}\\p{N}@])@([^@\\n]{0,${MAX_QUERY}})$`, "u");

/** Returns where the mention before the caret begins, and what of its name is written. */
export function mentionBefore(text: string, caret: number): { start: number; query: string } | undefined {
  // One character more, which must not be a letter; and names may take two code units per character.
  const from = Math.max(0, caret - 2 * MAX_QUERY - 2);
  const found = beginning.exec(text.slice(from, caret));
  return found ? { start: from + found.index, query: found[1] ?? "" } : undefined;
}

/** Returns the people of whose name a word begins like this: first those whose whole name does, and the room last. */
export function mentionOptions(query: string, people: readonly Person[], offersRoom: boolean): Mentioned[] {
  const wanted = fold(query);
  const rank = ({ name }: Mentioned) => {
    const folded = fold(name);
    if (folded.startsWith(wanted)) return 0;
    return folded.split(/\s+/).some((word) => word.startsWith(wanted)) ? 1 : 2;
  };
  const room: Mentioned[] = offersRoom && ROOM_NAME.startsWith(wanted) ? [{ name: ROOM_NAME }] : [];
  const ranked = people.map(({ userId, name }) => ({ option: { userId, name }, rank: rank({ name }) }));
  const matching = ranked.filter(({ rank }) => rank < 2).sort((one, other) => one.rank - other.rank);
  return [...matching.slice(0, MAX_OPTIONS - room.length).map(({ option }) => option), ...room];
}
