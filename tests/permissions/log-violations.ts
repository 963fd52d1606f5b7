// Events in a room's log whose author was not allowed to cause them.

import assert from "node:assert/strict";
import type { ParlorError } from "../../client/src/index.ts";
import type { LogEvent } from "../../client/src/protocol.ts";
import { readLog } from "../support/read-room-log.ts";
import { type Stage, withRetries } from "../support/stage.ts";
import type { FixtureRoom } from "./fixtures.ts";

/** Checks the rooms that still exist. */
export async function logViolations(stage: Stage, rooms: readonly FixtureRoom[]): Promise<string[]> {
  const { token } = await stage.guest("Reader");
  const found = rooms.map(async (fixture) => {
    if (!(await exists(stage, fixture.room))) return [];
    const events = await readLog(stage.addresses.apiUrl, fixture.room, { pass: fixture.pass, token });
    return events
      .filter((event) => !isAllowed(event, events, fixture))
      .map((event) => `not allowed in the log: ${JSON.stringify(event)}`);
  });
  return (await Promise.all(found)).flat();
}

const exists = (stage: Stage, room: string) =>
  withRetries(() => stage.api.room(room)).then(
    () => true,
    ({ code, message }: ParlorError) => {
      assert.match(code, /^(roomClosed|roomNotFound)$/, message);
      return false;
    },
  );

function isAllowed(event: LogEvent, log: readonly LogEvent[], { people, owner, moderator }: FixtureRoom): boolean {
  const by = event.type === "message" ? event.from.userId : event.by.userId;
  const moderates = by === owner || by === moderator;
  if (event.type === "notice") return moderates;
  if (event.type === "message" || !["edited", "deleted"].includes(event.kind)) return people.includes(by);
  const isAuthor = log.some(
    ({ type, seq, ...message }) => seq === event.of && "from" in message && message.from.userId === by,
  );
  return isAuthor || (event.kind === "deleted" && moderates);
}
