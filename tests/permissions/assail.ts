// Carries the attack table out over the real door.

import assert from "node:assert/strict";
import type { Stage } from "../support/stage.ts";
import type { Attack } from "./attack.ts";
import { carryOut } from "./carry-out.ts";
import { type Attacker, type Crowd, forging, gather } from "./crowd.ts";
import { Grounds } from "./grounds.ts";
import { NOTHING, type Row, table } from "./table.ts";
import { trespasses } from "./trespasses.ts";
import { everyone, isForger, strangers, type Who } from "./who.ts";

/** Who is to try what a row is about. */
type Choice = (row: Row) => readonly Who[];

export const anywhere: Choice = ({ litters }) => (litters ? [] : everyone.filter((who) => !isForger(who)));
/** What takes the stage's key, or leaves rooms behind. */
export const locally: Choice = ({ litters }) => (litters ? everyone : everyone.filter(isForger));

interface Cell {
  readonly name: string;
  readonly expected: string;
  readonly attack: Attack;
}

/** `key` is what the stage signs tokens with: only forgers need it. */
export async function assail(stage: Stage, routes: readonly string[], choice: Choice, key?: string): Promise<void> {
  const crowd = await gather(stage);
  const attackers: Partial<Record<Who, Attacker>> = { ...crowd, ...(key && forging(stage, crowd.owner, key)) };
  const grounds = new Grounds(stage, crowd);
  const rows: Cell[][] = [];
  for (const row of table.filter(({ route }) => routes.includes(route))) {
    const cells: Cell[] = [];
    for (const who of choice(row)) {
      const [attacker, expected] = [attackers[who], row.answers[who]];
      if (!attacker || expected === NOTHING) continue;
      const attack = { stage, ...row, attacker, aim: await grounds.aim(row.on, who), witness: crowd.author };
      cells.push({ name: `${row.route} · ${row.on} · ${who}`, expected, attack });
    }
    rows.push(cells);
  }
  await overheard(crowd);
  const wrong: string[] = [];
  for (const cells of rows) wrong.push(...(await Promise.all(cells.map(mismatch))).flat());
  wrong.push(...(await overheard(crowd)), ...(await trespasses(stage, grounds.places)));
  assert.equal(wrong.length, 0, `\n${wrong.join("\n")}`);
}

async function mismatch({ name, expected, attack }: Cell): Promise<string[]> {
  const got = await carryOut(attack).catch(String);
  return got === expected ? [] : [`${name}: expected ${expected}, got ${got}`];
}

/** What has come to strangers, since this was last asked, of rooms that they are not in. */
async function overheard(crowd: Crowd): Promise<string[]> {
  const heard = strangers.map(async (who) => {
    const { socket, rooms } = crowd[who];
    const connection = await socket();
    // What was posted before this is answered has come.
    await connection.ask({ action: "ping" });
    const alien = connection.takeUnread().filter((frame) => "room" in frame && !rooms.has(frame.room));
    return alien.map((frame) => `${who} overheard ${JSON.stringify(frame)}`);
  });
  return (await Promise.all(heard)).flat();
}
