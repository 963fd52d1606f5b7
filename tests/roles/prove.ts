// Whether each grant is needed: it is taken away, and a scenario must then fail because of that. A scenario fails because
// of it where the cloud has refused that role that very action on that very resource and kind of row, and the scenario,
// which passes with the grant, does not pass.
import type { Grant, Route } from "../../cdk/routes/index.ts";
import type { Instance } from "../../local/instance.ts";
import type { Addresses } from "../../local/outputs.ts";
import { stackResources } from "../../local/resources.ts";
import type { Scenario } from "../scenarios/index.ts";
import { Decisions, type Granted, isAbout } from "./decisions.ts";
import { bestFirst, type Rehearsed } from "./rehearsal.ts";
import { RolePolicy } from "./role-policy.ts";

export interface Trial {
  readonly route: string;
  readonly grant: Grant;
  /** The scenario that failed; undefined when all passed without the grant. */
  readonly killedBy: string | undefined;
  /** Whether a call was refused at all. */
  readonly refused: boolean;
  readonly seconds: number;
}

/** Once a call was refused, a scenario may take as many times as long as with the grant, and this at least. */
const PATIENCE = 2;
const LEAST_MS = 1_000;
/** No scenario takes so long, whatever happens: then something else is wrong. */
const MOST_MS = 60_000;

export async function* prove(
  at: Instance,
  addresses: Addresses,
  routes: readonly Route[],
  rehearsed: readonly Rehearsed[],
): AsyncGenerator<Trial> {
  // A scenario that is broken off leaves promises behind that nobody waits for any more.
  const ignore = () => {};
  process.on("unhandledRejection", ignore);
  try {
    const resources = await stackResources(at);
    const decisions = await Decisions.from(at);
    for (const route of routes) {
      const policy = await RolePolicy.read(at, resources, route);
      for (const [place, grant] of route.grants.entries()) {
        const started = performance.now();
        const granted = policy.grants[place];
        if (granted?.action !== grant[0])
          throw new Error(`The role of ${route.name} differs from its row: deploy first.`);
        const { killedBy, refused } = await trial(
          { addresses, decisions, policy, place, granted },
          bestFirst(rehearsed, route.name, granted),
        );
        yield { route: route.name, grant, killedBy, refused, seconds: (performance.now() - started) / 1000 };
      }
    }
  } finally {
    process.off("unhandledRejection", ignore);
  }
}

/** One grant, and what it takes to do without it. */
interface Setting {
  readonly addresses: Addresses;
  readonly decisions: Decisions;
  readonly policy: RolePolicy;
  readonly place: number;
  readonly granted: Granted;
}

async function trial(setting: Setting, scenarios: readonly Rehearsed[]): Promise<Pick<Trial, "killedBy" | "refused">> {
  let refused = false;
  for (const { scenario, ms } of scenarios) {
    const run = await patientlyWithout(setting, scenario, ms);
    refused ||= run.refused;
    if (run.passed) continue;
    if (!run.refused) throw new Error(`Not for want of a grant this fails: ${scenario.name}`, { cause: run.cause });
    return { killedBy: scenario.name, refused };
  }
  return { killedBy: undefined, refused };
}

/** A scenario that was broken off failed only if it is still as quick with the grant: else it gets as much longer. */
async function patientlyWithout(setting: Setting, scenario: Scenario, ms: number): Promise<Run> {
  for (let limit = Math.max(LEAST_MS, PATIENCE * ms); ; limit *= PATIENCE) {
    const run = await without(setting, scenario, limit);
    if (!run.brokenOff || !run.refused) return run;
    const started = performance.now();
    await scenario.run(setting.addresses);
    if (performance.now() - started < limit || limit > MOST_MS) return run;
  }
}

interface Run {
  readonly passed: boolean;
  readonly refused: boolean;
  readonly brokenOff?: true;
  readonly cause?: unknown;
}

/** Runs a scenario without the grant; once a call was refused it has until `limit`. The grant is back when this ends. */
async function without(setting: Setting, scenario: Scenario, limit: number): Promise<Run> {
  const { addresses, decisions, policy, place, granted } = setting;
  await decisions.next();
  await policy.take(place);
  const started = performance.now();
  const breakOff = new AbortController();
  let ended: Pick<Run, "passed" | "cause"> | undefined;
  const run = scenario.run(addresses, breakOff.signal).then(
    () => {
      ended = { passed: true };
    },
    (cause) => {
      ended = { passed: false, cause };
    },
  );
  let refused = false;
  while (!ended && performance.now() - started < (refused ? limit : MOST_MS)) {
    await Promise.race([run, new Promise((resolve) => setTimeout(resolve, 50))]);
    refused ||= (await decisions.next()).some((decision) => !decision.allowed && isAbout(decision, granted));
  }
  const outcome = ended ?? ({ passed: false, brokenOff: true, cause: "it did not end" } as const);
  // Before it is broken off: so it can remove what it made.
  await policy.restore();
  breakOff.abort(new Error("broken off"));
  await run;
  return { ...outcome, refused };
}
