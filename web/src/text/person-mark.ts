// Tells people of the same name apart.
import type { Person } from "../../../client/src/index.ts";

/** How many characters of the person's id are shown. */
const LENGTH = 4;

/** Returns a function that gives what to add to a person's name, if others among `people` have the same one. */
export function personMarks(people: readonly Person[]): (person: Person) => string | undefined {
  const ids = new Map<string, Set<string>>();
  for (const { name, userId } of people) ids.set(name, (ids.get(name) ?? new Set()).add(userId));
  return ({ name, userId }) => ((ids.get(name)?.size ?? 0) > 1 ? `#${userId.slice(-LENGTH)}` : undefined);
}
