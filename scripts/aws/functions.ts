// A stage's functions: which tables they use, and how they are stopped and started again.

import { routesOf } from "../../cdk/routes/index.ts";
import type { TableNames } from "../../cdk/table-names.ts";
import { rest } from "../../local/calls.ts";
import { signedCalls } from "./account.ts";
import { type Deployed, resourceName } from "./deployed.ts";

/** Lambda takes few such calls a second. */
const AT_ONCE = 5;

const functionName = (deployed: Deployed, route: string) =>
  resourceName(deployed, "AWS::Lambda::Function", `${route.replaceAll("-", "")}Function`);

/** Returns the tables that the deployed functions use. */
export async function tablesInUse(deployed: Deployed): Promise<TableNames> {
  const ask = signedCalls(deployed.region, process.env);
  // This one uses all of them.
  const path = `/2015-03-31/functions/${functionName(deployed, "send")}/configuration`;
  const { Variables } = JSON.parse(await ask(rest("lambda", "GET", path))).Environment;
  return {
    rooms: Variables.ROOMS_TABLE,
    messages: Variables.MESSAGES_TABLE,
    members: Variables.MEMBERS_TABLE,
    people: Variables.PEOPLE_TABLE,
  };
}

/** Stops every function: Lambda refuses to invoke it, and clients try again. What is running goes on to its end. */
export const stopFunctions = (deployed: Deployed) => reserve(deployed, 0);

/** Undoes `stopFunctions`. */
export const startFunctions = (deployed: Deployed) => reserve(deployed, deployed.stage.reservedConcurrency);

/** How long a function may run, in milliseconds. */
export const longestRun = ({ stage }: Deployed) => Math.max(...routesOf(stage).map(({ timeout }) => timeout)) * 1_000;

async function reserve(deployed: Deployed, concurrency: number | undefined): Promise<void> {
  const ask = signedCalls(deployed.region, process.env);
  const names = routesOf(deployed.stage).map(({ name }) => functionName(deployed, name));
  const work = async () => {
    for (let name = names.shift(); name; name = names.shift()) {
      const path = `/2017-10-31/functions/${name}/concurrency`;
      if (concurrency === undefined) await ask(rest("lambda", "DELETE", path));
      else await ask(rest("lambda", "PUT", path, JSON.stringify({ ReservedConcurrentExecutions: concurrency })));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
