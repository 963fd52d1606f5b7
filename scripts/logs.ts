// `npm run logs`: shows what a stage's functions logged.
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { routesOf } from "../cdk/routes/index.ts";
import { Failure } from "../local/failure.ts";
import { formatLine } from "../local/logs.ts";
import { type Deployed, findDeployed, resourceName, stageOptions } from "./aws/deployed.ts";
import { durationFrom, type LogLine, readLines, unseen } from "./aws/log-events.ts";

const POLL_MS = 2_000;
/** CloudWatch shows a line some seconds after it was written, and out of order. */
const LATE_MS = 30_000;

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      ...stageOptions,
      route: { type: "string" },
      operators: { type: "boolean" },
      since: { type: "string", default: "1h" },
      follow: { type: "boolean" },
      all: { type: "boolean" },
    },
  });
  let since = Date.now() - durationFrom(values.since);
  const deployed = await findDeployed(values);
  const groups = values.operators
    ? new Map([["operators", resourceName(deployed, "AWS::Logs::LogGroup", "OperatorLogs")]])
    : groupsOf(deployed, values.route);
  const client = new CloudWatchLogsClient({ region: deployed.region });
  const onlyNew = unseen();
  const next = async () => print(onlyNew(await readLines(client, groups, since), since), values.all ?? false);
  if ((await next()) === 0) console.log(`Nothing was logged in the last ${values.since}.`);
  while (values.follow) {
    await setTimeout(POLL_MS);
    since = Math.max(since, Date.now() - LATE_MS);
    await next();
  }
}

function groupsOf(deployed: Deployed, route: string | undefined): Map<string, string> {
  const names = routesOf(deployed.stage).map(({ name }) => name);
  if (route !== undefined && !names.includes(route)) {
    throw new Failure(`There is no route ${route}: choose one of ${names.join(", ")}.`);
  }
  const group = (name: string) => resourceName(deployed, "AWS::Logs::LogGroup", `${name.replaceAll("-", "")}Logs`);
  return new Map((route === undefined ? names : [route]).map((name) => [name, group(name)]));
}

/** What Lambda writes about every invocation. */
const routine = /^(INIT_START|START|END|REPORT) /;

/** Prints the lines and returns how many they were. */
function print(lines: readonly LogLine[], all: boolean): number {
  const shown = lines.flatMap(({ source, at, text }) => {
    if (all) return [`${new Date(at).toISOString()}  ${source.padEnd(14)} ${text}`];
    if (routine.test(text)) return [];
    return formatLine(source, text).map((line) => `${new Date(at).toISOString()}  ${line}`);
  });
  for (const line of shown) console.log(line);
  return shown.length;
}
