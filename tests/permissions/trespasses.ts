// What would not stand in a room's log if everybody had done only what is theirs to do.

import assert from "node:assert/strict";
import type { ParlorError } from "../../client/src/index.ts";
import type { LogEvent } from "../../client/src/protocol.ts";
import { readLog } from "../support/read-log.ts";
import { patiently, type Stage } from "../support/stage.ts";
import type { Place } from "./grounds.ts";

/** In the rooms that are still there. */
export async function trespasses(stage: Stage, places: readonly Place[]): Promise<string[]> {
  const found = places.map(async (place) => {
    if (!(await isOpen(stage, place.room))) return [];
    const events = await readLog(stage.addresses.apiUrl, place.room);
    return events
      .filter((event) => !isRightful(event, events, place))
      .map((event) => `left in a log: ${JSON.stringify(event)}`);
  });
  return (await Promise.all(found)).flat();
}

const isOpen = (stage: Stage, room: string) =>
  patiently(() => stage.api.room(room)).then(
    () => true,
    ({ code, message }: ParlorError) => {
      assert.match(code, /^(roomClosed|roomNotFound)$/, message);
      return false;
    },
  );

function isRightful(event: LogEvent, log: readonly LogEvent[], { people, owner }: Place): boolean {
  const by = event.type === "message" ? event.from.userId : event.by.userId;
  if (event.type === "notice") return by === owner;
  if (event.type === "message" || !["edited", "deleted"].includes(event.kind)) return people.includes(by);
  const isAuthor = log.some(({ type, seq, ...said }) => seq === event.of && "from" in said && said.from.userId === by);
  return isAuthor || (event.kind === "deleted" && by === owner);
}
