// A random run: people act in rooms and conversations while their connections, frames and the functions fail.

import { setTimeout } from "node:timers/promises";
import { isConversation } from "../../client/src/index.ts";
import type { Addresses } from "../../local/outputs.ts";
import { Stage } from "../support/stage.ts";
import { assemble, type Cast } from "./cast.ts";
import { finish } from "./finish.ts";
import { FunctionKiller } from "./function-killer.ts";
import { type HistoryEvent, ofType } from "./history.ts";

import { Random } from "./random.ts";
import { Recorder } from "./recorder.ts";
import type { Violation } from "./violation.ts";

// Rare, because a killed function can leave a number open for 5 seconds, and readers of that room wait for it.
const OPERATIONS_PER_KILL = 500;
const OPERATIONS_PER_PROGRESS = 500;
// Longer than readers wait for an open number.
const STANDSTILL_MS = 60_000;

export interface RunOptions {
  readonly seed: number;
  /** How many messages are sent. */
  readonly messages: number;
  /** When the run ends even with fewer messages, in milliseconds since 1970. */
  readonly until?: number;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** How many messages were sent. */
  readonly sent: number;
  /** How often each fault occurred. */
  readonly faults: Readonly<Record<string, number>>;
}

export interface Outcome extends Progress {
  readonly violations: readonly Violation[];
  /** How often a reader had missed too much to catch up. */
  readonly discontinuities: number;
  /** How many of the messages are in direct conversations and groups, with those that end the run. */
  readonly inConversations: number;
  /** How often people were added to groups, were removed, or left. */
  readonly memberChanges: number;
  readonly history: readonly HistoryEvent[];
}

export async function run(addresses: Addresses, options: RunOptions): Promise<Outcome> {
  const stage = new Stage(addresses);
  const recorder = new Recorder();
  const random = new Random(options.seed);
  let cast: Cast | undefined;
  try {
    cast = await assemble(stage, recorder, random);
    const { users, devices } = cast;
    const functions = new FunctionKiller(addresses.apiUrl, random.fork());
    const progress = (): Progress => ({
      sent: users.reduce((sum, { sent }) => sum + sent, 0),
      faults: { ...countFaults(users), kill: functions.killed },
    });
    const inTime = () => Date.now() < (options.until ?? Number.POSITIVE_INFINITY);
    let operations = 0;
    let isStuck = false;
    const onOperation = () => {
      if (++operations % OPERATIONS_PER_KILL === 0) void functions.killOne();
      if (operations % OPERATIONS_PER_PROGRESS === 0) options.onProgress?.(progress());
    };
    const workload = Promise.all(
      users.map((user, n) => {
        const share = Math.ceil((options.messages - n) / users.length);
        return user.run(() => !isStuck && user.sent < share && inTime(), onOperation);
      }),
    );
    isStuck = await Promise.race([workload.then(() => false), standstill(() => operations)]);
    const participants = users.flatMap(({ client, rooms }) => rooms.map((room) => ({ client, room })));
    const violations = await finish(stage, recorder, participants, devices);
    const { history } = recorder;
    const discontinuities = ofType(history, "discontinuity").length;
    const inConversations = ofType(history, "logged").filter(({ room }) => isConversation(room));
    const messages = inConversations.filter(({ event }) => event.type === "message");
    const notices = inConversations.filter(({ event }) => event.type === "notice");
    return {
      ...progress(),
      violations,
      discontinuities,
      inConversations: messages.length,
      memberChanges: notices.length,
      history,
    };
  } finally {
    await Promise.all(cast?.devices.map(({ client }) => client.close()) ?? []);
    await stage.cleanUp();
  }
}

function countFaults(users: Cast["users"]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { client } of users) {
    for (const { outcome } of client.proxy.log) {
      if (outcome !== "open" && outcome !== "pass") counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
  }
  return counts;
}

/** Resolves when `count` has not changed for STANDSTILL_MS. */
async function standstill(count: () => number): Promise<true> {
  for (let last = -1; last !== count(); ) {
    last = count();
    await setTimeout(STANDSTILL_MS, undefined, { ref: false });
  }
  return true;
}
