// Proves every grant and prints one line per grant.
import type { Route } from "../../cdk/routes/index.ts";
import { Failure } from "../../local/failure.ts";
import { scenarios as permissions } from "../permissions/index.ts";
import { scenarios as expiringRooms } from "../scenarios/expiring-rooms.ts";
import { scenarios, smokeScenarios } from "../scenarios/index.ts";
import { localScenariosOn } from "../scenarios/local-only/index.ts";
import { scenarios as localPermissions } from "../scenarios/local-only/permissions.ts";
import type { Cloud } from "./cloud.ts";
import { REPORT_DECISIONS } from "./decisions.ts";
import { prove } from "./prove.ts";
import { Rehearsal } from "./rehearsal.ts";

const tryEveryActor = [...permissions, ...localPermissions];
const sendHundredsOfFrames = scenarios.filter((scenario) => !smokeScenarios.includes(scenario));
/** Left out: they wait for a minute, and local scenarios use the same grants without waiting. */
const wait = expiringRooms;
const quick = (clouds: readonly Cloud[]) =>
  [...smokeScenarios, ...localScenariosOn(clouds[0]?.addresses ?? {})].filter(
    (scenario) => !tryEveryActor.includes(scenario) && !wait.includes(scenario),
  );

/** Returns the number of superfluous grants. All clouds have an identity provider, or none has. */
export async function reportGrants(
  clouds: readonly Cloud[],
  routes: readonly Route[],
  log: (line: string) => void = console.log,
): Promise<number> {
  const started = performance.now();
  const elapsed = () => `${Math.round((performance.now() - started) / 1000)} s`;
  const rehearsal = new Rehearsal(routes, quick(clouds), tryEveryActor, sendHundredsOfFrames);
  const rehearsed = await rehearsal.run(clouds);
  if (rehearsed.length > 0 && !rehearsed.some(({ firstUse }) => firstUse.size > 0))
    throw new Failure(
      `This local cloud does not report its decisions: start it with ${REPORT_DECISIONS}=true npm start.`,
    );
  log(`With all grants in place, ${rehearsed.length} scenarios pass (${elapsed()})`);
  const superfluous: string[] = [];
  let count = 0;
  await prove(clouds, routes, rehearsal, ({ route, index, failed, denied, seconds }) => {
    const [action, target, why] = routes.find(({ name }) => name === route)?.grants[index] ?? ["", "", ""];
    const line = `${route.padEnd(15)} ${action.padEnd(30)} ${target.padEnd(18)}`;
    count++;
    if (failed === undefined)
      superfluous.push(`${line} ${denied ? "denied, but every scenario passes" : "never used"}: ${why}`);
    const verdict = failed === undefined ? "SUPERFLUOUS" : "needed";
    log(`${verdict.padEnd(11)} ${line} ${seconds.toFixed(1).padStart(5)} s  ${failed ?? ""}`.trimEnd());
  });
  for (const line of superfluous) log(`SUPERFLUOUS ${line}`);
  const needed = count - superfluous.length;
  log(`${needed} of ${count} grants are needed: ${((100 * needed) / count).toFixed(1)} %, in ${elapsed()}`);
  return superfluous.length;
}
