// Runs the permission matrix against a deployed stage.

import assert from "node:assert/strict";
import type { ServerFrame } from "../../client/src/protocol.ts";
import type { Stage } from "../support/stage.ts";
import { type ActorName, actorNames, isForger, outsideRoom } from "./actor-names.ts";
import { type Actor, type Actors, createActors, createForgers } from "./actors.ts";
import type { Cell } from "./cell.ts";
import { Fixtures } from "./fixtures.ts";
import { logViolations } from "./log-violations.ts";
import { matrix, NOT_APPLICABLE, type Row } from "./matrix.ts";
import { runCell } from "./run-cell.ts";

/** Selects the actors for which a row's cells run. */
type ActorFilter = (row: Row) => readonly ActorName[];

export const onAnyStage: ActorFilter = ({ leavesRooms }) =>
  leavesRooms ? [] : actorNames.filter((name) => !isForger(name));
/** The rest: cells that need the stage's key, and those that leave rooms behind. */
export const onLocalCloud: ActorFilter = ({ leavesRooms }) => (leavesRooms ? actorNames : actorNames.filter(isForger));

interface ExpectedCell {
  readonly title: string;
  readonly expected: string;
  readonly cell: Cell;
}

/** `key` signs the stage's tokens. Without it, cells of actors with a forged token are left out. */
export async function runMatrix(
  stage: Stage,
  routes: readonly string[],
  filter: ActorFilter,
  key?: string,
): Promise<void> {
  const people = await createActors(stage);
  const actors: Partial<Record<ActorName, Actor>> = {
    ...people,
    ...(key && createForgers(stage, people.owner, key)),
  };
  const fixtures = new Fixtures(stage, people);
  const rows: ExpectedCell[][] = [];
  for (const row of matrix.filter(({ route }) => routes.includes(route))) {
    const cells: ExpectedCell[] = [];
    for (const name of filter(row)) {
      const [actor, expected] = [actors[name], row.answers[name]];
      if (!actor || expected === NOT_APPLICABLE) continue;
      const cell = { stage, ...row, actor, params: await fixtures.params(row.target, name), witness: people.author };
      cells.push({ title: `${row.route} · ${row.target} · ${name}`, expected, cell });
    }
    rows.push(cells);
  }
  await leakedFrames(people);
  const errors: string[] = [];
  for (const cells of rows) errors.push(...(await Promise.all(cells.map(mismatch))).flat());
  errors.push(...(await leakedFrames(people)), ...(await logViolations(stage, fixtures.rooms)));
  assert.equal(errors.length, 0, `\n${errors.join("\n")}`);
}

async function mismatch({ title, expected, cell }: ExpectedCell): Promise<string[]> {
  const answer = await runCell(cell).catch(String);
  return answer === expected ? [] : [`${title}: expected ${expected}, got ${answer}`];
}

/** Whether a frame says only that the actor is not in the room: as they asked, or because they are no longer a member. */
function isOwnDeparture(frame: ServerFrame, name: ActorName): boolean {
  return frame.type === "left" && (frame.reason === "left" || (frame.reason === "notMember" && name === "left"));
}

/** Frames about rooms that an actor is not in, received since the last call. */
async function leakedFrames(people: Actors): Promise<string[]> {
  const leaks = outsideRoom.map(async (name) => {
    const { socket, rooms } = people[name];
    const connection = await socket();
    // Frames posted before this answer have arrived by then.
    await connection.request({ action: "ping" });
    const foreign = connection
      .takeUnread()
      .filter((frame) => "room" in frame && !rooms.has(frame.room) && !isOwnDeparture(frame, name));
    return foreign.map((frame) => `${name} received ${JSON.stringify(frame)}`);
  });
  return (await Promise.all(leaks)).flat();
}
