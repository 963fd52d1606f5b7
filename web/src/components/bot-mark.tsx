// Says that somebody is a program. The server decides who is: nobody else has such an id.
import type { Person } from "../../../client/src/index.ts";

export function BotMark({ person }: { person: Person }) {
  return person.bot ? <span class="tag">Bot</span> : null;
}
