// Proves that each grant is needed: without it, a scenario fails because of it.
//
// A grant is needed if the cloud denied exactly that call and a scenario that passes with it fails. A scenario without the
// grant usually waits for something that never happens. So after the denial it gets at least twice the time that it would
// have needed from there on, and is then aborted. The abort counts if the scenario then ends sooner with the grant.
import type { Route } from "../../cdk/routes/index.ts";
import type { Cloud, GrantRef } from "./cloud.ts";
import { matches } from "./decisions.ts";
import { ATTEMPTS, grantsOf, key, pass, type Rehearsal, type Rehearsed } from "./rehearsal.ts";

export interface Result extends GrantRef {
  /** The scenario that failed because of the missing grant. Undefined if none did: the grant is superfluous. */
  readonly failed: string | undefined;
  /** Whether a call was denied at all. */
  readonly denied: boolean;
  readonly seconds: number;
}

/** After the denial a scenario may take this many times as long as with the grant, and at least this long. */
const PATIENCE = 2;
const MIN_PATIENCE_MS = 1_000;
/** Upper bound of a run until the denial. A longer run is not repeated. */
const MAX_MS = 60_000;
const POLL_MS = 20;

/** Proves all grants of the routes, one at a time in each cloud. Calls `onResult` as soon as each is known. */
export async function prove(
  clouds: readonly Cloud[],
  routes: readonly Route[],
  rehearsal: Rehearsal,
  onResult: (result: Result) => void,
): Promise<void> {
  // Aborted scenarios leave promises behind that nobody awaits.
  const ignore = () => {};
  process.on("unhandledRejection", ignore);
  try {
    const queue = grantsOf(routes);
    const work = async (cloud: Cloud) => {
      for (let grant = queue.shift(); grant; grant = queue.shift()) {
        const started = performance.now();
        const result = await proveGrant(cloud, grant, rehearsal);
        onResult({ ...grant, ...result, seconds: (performance.now() - started) / 1000 });
      }
    };
    await Promise.all(clouds.map(work));
  } finally {
    process.off("unhandledRejection", ignore);
  }
}

async function proveGrant(
  cloud: Cloud,
  grant: GrantRef,
  rehearsal: Rehearsal,
): Promise<Pick<Result, "failed" | "denied">> {
  let denied = false;
  for (const scenario of await rehearsal.candidates(grant)) {
    const run = await runUntilConclusive(cloud, grant, await rehearsal.rehearse(cloud, scenario));
    denied ||= run.denied;
    if (run.passed) continue;
    if (!run.denied) {
      const removed = `while grant ${grant.index} of ${grant.route} is removed`;
      throw new Error(`This scenario fails for another reason ${removed}: ${scenario.name}`, { cause: run.cause });
    }
    return { failed: scenario.name, denied };
  }
  return { failed: undefined, denied };
}

/** Repeats inconclusive runs: a failure without a denial, and an abort unless the scenario ends sooner with the grant. */
async function runUntilConclusive(cloud: Cloud, grant: GrantRef, rehearsed: Rehearsed): Promise<Run> {
  let attempt = 1;
  for (let patience = PATIENCE; ; patience *= 2) {
    const run = await runWithout(cloud, grant, rehearsed, patience);
    if (!run.passed && !run.denied && attempt++ < ATTEMPTS) continue;
    if (!run.aborted || !run.denied || run.ms > MAX_MS) return run;
    if ((await pass(cloud, rehearsed.scenario)).ms < run.ms) return run;
  }
}

interface Run {
  readonly passed: boolean;
  readonly denied: boolean;
  readonly aborted: boolean;
  readonly ms: number;
  readonly cause?: unknown;
}

/** Runs a scenario without the grant. Restores the grant before it returns. */
async function runWithout(cloud: Cloud, grant: GrantRef, rehearsed: Rehearsed, patience: number): Promise<Run> {
  const { scenario, ms: rehearsedMs } = rehearsed;
  const statement = cloud.statement(grant);
  // Unknown for a cached secret, which the rehearsal need not have read.
  const rehearsedUse = rehearsed.firstUse.get(key(grant)) ?? 0;
  await cloud.remove(grant);
  await cloud.decisions();
  const controller = new AbortController();
  let ended: { readonly passed: boolean; readonly cause?: unknown } | undefined;
  const started = performance.now();
  const run = scenario.run(cloud.addresses, controller.signal).then(
    () => {
      ended = { passed: true };
    },
    (cause) => {
      ended = { passed: false, cause };
    },
  );
  let denied = false;
  let limit = MAX_MS;
  while (!ended && performance.now() - started < limit) {
    await Promise.race([run, new Promise((resolve) => setTimeout(resolve, POLL_MS))]);
    if (denied) continue;
    denied = (await cloud.decisions()).some((decision) => !decision.allowed && matches(decision, statement));
    if (!denied) continue;
    const ms = performance.now() - started;
    // As slow after the denial as before it.
    const slowness = rehearsedUse > POLL_MS ? Math.max(1, ms / rehearsedUse) : 1;
    limit = ms + Math.max(MIN_PATIENCE_MS, patience * slowness * (rehearsedMs - rehearsedUse));
  }
  const ms = performance.now() - started;
  const outcome = ended ?? { passed: false, cause: "it did not end" };
  const aborted = ended === undefined;
  // First, so that an aborted scenario can clean up.
  await cloud.restore(grant);
  if (aborted) controller.abort(new Error("aborted"));
  await run;
  return { ...outcome, denied, aborted, ms };
}
