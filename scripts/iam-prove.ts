// `npm run iam:prove`: proves that each grant is needed, on local clouds of its own or on a running one.
import { parseArgs } from "node:util";
import { type Route, routes } from "../cdk/routes/index.ts";
import { Failure } from "../local/failure.ts";
import { instanceFromArgs } from "../local/instance.ts";
import { assertIsRunning } from "../local/ministack.ts";
import { readAddresses } from "../local/outputs.ts";
import { routesOn } from "../local/routes.ts";
import { openCloud } from "../tests/roles/cloud.ts";
import { reportGrants } from "../tests/roles/report.ts";
import { startClouds } from "../tests/roles/start-clouds.ts";

export async function main(args: string[]): Promise<number> {
  const options = { port: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.port !== undefined) {
    const at = instanceFromArgs(["--port", values.port]);
    await assertIsRunning(at);
    const addresses = await readAddresses(at);
    const routes = routesOn(addresses);
    const chosen = choose(routes, positionals);
    return (await reportGrants([await openCloud(at, addresses, routes)], chosen)) === 0 ? 0 : 1;
  }
  choose(routes, positionals);
  const { clouds, stop, ...deployed } = await startClouds(positionals.length === 1 ? 1 : undefined);
  const chosen = choose(deployed.routes, positionals);
  return (await reportGrants(clouds, chosen).finally(stop)) === 0 ? 0 : 1;
}

function choose(routes: readonly Route[], names: readonly string[]): readonly Route[] {
  const unknown = names.find((name) => !routes.some((route) => route.name === name));
  if (unknown) throw new Failure(`There is no route \`${unknown}\`: the route table is cdk/routes/.`);
  return names.length === 0 ? routes : routes.filter(({ name }) => names.includes(name));
}
