// A random talk of several people in several rooms, through proxies that let much go wrong, and what came of it.

import { setTimeout } from "node:timers/promises";
import type { Room } from "../../client/src/index.ts";
import type { Addresses } from "../../local/outputs.ts";
import { Stage } from "../support/stage.ts";
import { randomFaults } from "./faults.ts";
import { FunctionKiller } from "./functions.ts";
import { type HistoryEvent, ofType } from "./history.ts";
import { Person } from "./person.ts";
import { Random } from "./random.ts";
import { Recorder } from "./recorder.ts";
import { settle } from "./settle.ts";
import { Talker } from "./talk.ts";
import type { Violation } from "./violation.ts";

const ROOMS = 4;
const PEOPLE = 12;
const ROOMS_EACH = 2;
// A killed function may leave a number open for 5 seconds: readers of that room wait so long.
const DEEDS_PER_KILL = 500;
// Longer than readers wait for an open number.
const STANDSTILL_MS = 60_000;
const DEEDS_PER_PROGRESS = 500;

export interface RunOptions {
  readonly seed: number;
  /** How many are said. */
  readonly messages: number;
  /** When the talk ends even if there are fewer, in milliseconds since 1970. */
  readonly until?: number;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly said: number;
  /** How often each fault happened. */
  readonly faults: Readonly<Record<string, number>>;
}

export interface Outcome extends Progress {
  readonly violations: readonly Violation[];
  /** How often a reader was told that too much was missed. */
  readonly discontinuities: number;
  readonly history: readonly HistoryEvent[];
}

export async function run(addresses: Addresses, options: RunOptions): Promise<Outcome> {
  const stage = new Stage(addresses);
  const recorder = new Recorder();
  const random = new Random(options.seed);
  const talkers: Talker[] = [];
  try {
    const rooms = await Promise.all(Array.from({ length: ROOMS }, () => stage.room({ name: "Chaos" })));
    for (let n = 0; n < PEOPLE; n++) {
      const person = await Person.arrive(stage, recorder, `P${n + 1}`, { changeoverMs: [10_000, 60_000] });
      person.proxy.rules = randomFaults(person.proxy, random.fork());
      const joined: Room[] = [];
      for (let r = 0; r < ROOMS_EACH; r++) {
        const room = rooms[(n + r) % ROOMS];
        if (room) joined.push(await person.join(room.roomId));
      }
      talkers.push(new Talker(person, joined as [Room, ...Room[]], random.fork()));
    }
    const functions = new FunctionKiller(addresses.apiUrl, random.fork());
    const progress = (): Progress => ({
      said: talkers.reduce((sum, { said }) => sum + said, 0),
      faults: { ...countFaults(talkers), kill: functions.killed },
    });
    const inTime = () => Date.now() < (options.until ?? Number.POSITIVE_INFINITY);
    let deeds = 0;
    let isStuck = false;
    const onDeed = () => {
      if (++deeds % DEEDS_PER_KILL === 0) void functions.strike();
      if (deeds % DEEDS_PER_PROGRESS === 0) options.onProgress?.(progress());
    };
    const talk = Promise.all(
      talkers.map((talker, n) => {
        const share = Math.ceil((options.messages - n) / PEOPLE);
        return talker.talk(() => !isStuck && talker.said < share && inTime(), onDeed);
      }),
    );
    isStuck = await Promise.race([talk.then(() => false), standstill(() => deeds)]);
    const stays = talkers.flatMap(({ person, rooms }) => rooms.map((room) => ({ person, room })));
    const violations = await settle(stage, recorder, stays);
    const discontinuities = ofType(recorder.history, "discontinuity").length;
    return { ...progress(), violations, discontinuities, history: recorder.history };
  } finally {
    await Promise.all(talkers.map(({ person }) => person.goodbye()));
    await stage.cleanUp();
  }
}

function countFaults(talkers: readonly Talker[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { person } of talkers) {
    for (const { happened } of person.proxy.log) {
      if (happened !== "open" && happened !== "pass") counts[happened] = (counts[happened] ?? 0) + 1;
    }
  }
  return counts;
}

/** Resolves when this has not changed for long. */
async function standstill(count: () => number): Promise<true> {
  for (let last = -1; last !== count(); ) {
    last = count();
    await setTimeout(STANDSTILL_MS, undefined, { ref: false });
  }
  return true;
}
