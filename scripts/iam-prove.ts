// `npm run iam:prove`: is each grant needed? On a local cloud of its own, or on one that runs already.
import { mkdir, rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Route, routes } from "../cdk/routes/index.ts";
import { startLocalCloud } from "../local/cloud.ts";
import { Failure } from "../local/failure.ts";
import { type Instance, instance, instanceFromArgs } from "../local/instance.ts";
import { assertIsRunning, freePort } from "../local/ministack.ts";
import type { Addresses } from "../local/outputs.ts";
import { readAddresses } from "../local/outputs.ts";
import { REPORT_DECISIONS, reporting } from "../tests/roles/decisions.ts";
import { prove } from "../tests/roles/prove.ts";
import { rehearse } from "../tests/roles/rehearsal.ts";
import { type Scenario, scenarios } from "../tests/scenarios/index.ts";
import { localScenarios } from "../tests/scenarios/local-only/index.ts";

export async function main(args: string[]): Promise<number> {
  const options = { port: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const chosen = choose(positionals);
  if (values.port !== undefined) {
    const at = instanceFromArgs(["--port", values.port]);
    await assertIsRunning(at);
    return score(at, await readAddresses(at), chosen);
  }
  const at = reporting(instance(await freePort()));
  await mkdir(at.folder, { recursive: true });
  const cloud = await startLocalCloud(at, () => {});
  const code = await score(at, cloud, chosen).finally(() => cloud.stop());
  await rm(at.folder, { recursive: true });
  return code;
}

function choose(names: readonly string[]): readonly Route[] {
  const unknown = names.find((name) => !routes.some((route) => route.name === name));
  if (unknown) throw new Failure(`There is no route \`${unknown}\`: the route table is cdk/routes/.`);
  return names.length === 0 ? routes : routes.filter(({ name }) => names.includes(name));
}

/** Prints what came of each grant; the exit code. */
export async function score(at: Instance, addresses: Addresses, chosen: readonly Route[]): Promise<number> {
  const started = performance.now();
  const elapsed = () => `${Math.round((performance.now() - started) / 1000)} s`;
  const isNamed = (scenario: Scenario) => chosen.some(({ name }) => scenario.routes.includes(name));
  const rehearsed = await rehearse(at, addresses, [...scenarios, ...localScenarios].filter(isNamed));
  if (!rehearsed.some(({ decisions }) => decisions.length > 0))
    throw new Failure(
      `This local cloud does not report its decisions: start it with ${REPORT_DECISIONS}=true npm start.`,
    );
  console.log(`With all grants in place ${rehearsed.length} scenarios pass (${elapsed()})`);
  const survivors: string[] = [];
  let grants = 0;
  for await (const { route, grant, killedBy, refused, seconds } of prove(at, addresses, chosen, rehearsed)) {
    const [action, on, why] = grant;
    const line = `${route.padEnd(15)} ${action.padEnd(30)} ${on.padEnd(18)}`;
    grants++;
    if (killedBy === undefined)
      survivors.push(`${line} ${refused ? "refused, and nobody minds" : "never asked for"}: ${why}`);
    const verdict = killedBy === undefined ? "SURVIVED" : "killed";
    console.log(`${verdict.padEnd(8)} ${line} ${seconds.toFixed(1).padStart(5)} s  ${killedBy ?? ""}`.trimEnd());
  }
  const killed = grants - survivors.length;
  for (const survivor of survivors) console.log(`SURVIVED ${survivor}`);
  console.log(`${killed} of ${grants} grants are needed: ${((100 * killed) / grants).toFixed(1)} %, in ${elapsed()}`);
  return survivors.length === 0 ? 0 : 1;
}
