// Mentions in a message's text: `@` and a name, as it was chosen from the list. The message itself says who is meant.
import { limits, type Mentions } from "../../../client/src/index.ts";

/** Somebody who was chosen, or the room. */
export interface Mentioned {
  /** As it is in the text. Empty if it is not known. */
  readonly name: string;
  /** Absent for the room. */
  readonly userId?: string;
}

/** The name by which a text mentions everyone. */
export const ROOM_NAME = "room";

/** Matches the names where they are mentioned, the longest first. Undefined without names. */
export function mentionPattern(names: readonly string[]): RegExp | undefined {
  if (names.length === 0) return undefined;
  const escaped = [...names]
    .sort((one, other) => other.length - one.length)
    .map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`(?<![\\p{L}\\p{N}])@(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "gu");
}

/** Returns those who are still in the text. Somebody without a known name stays while the text has any mention. */
export function mentionsIn(text: string, mentioned: readonly Mentioned[]): Mentions {
  const isIn = ({ name }: Mentioned) => (name ? mentionPattern([name])?.test(text) : text.includes("@"));
  const here = mentioned.filter(isIn);
  const people = [...new Set(here.flatMap(({ userId }) => userId ?? []))].slice(0, limits.mentions);
  const mentionsRoom = here.some(({ userId }) => userId === undefined);
  return { ...(people.length > 0 && { mentions: people }), ...(mentionsRoom && { mentionsRoom }) };
}
