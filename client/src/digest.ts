// The digest of a room's people in a pong. See "Who is here" in docs/protocol.md.

import type { Person } from "./protocol.ts";

const utf8 = new TextEncoder();

/** Returns the digest as eight hexadecimal digits; the order of the people does not matter. */
export function digest(people: Iterable<Person>): string {
  let sum = 0;
  for (const { userId, name } of people) {
    let hash = 0x811c9dc5;
    for (const byte of utf8.encode(`${userId}\n${name}`)) hash = Math.imul(hash ^ byte, 0x01000193);
    sum = (sum + hash) >>> 0;
  }
  return sum.toString(16).padStart(8, "0");
}
