// `npm run restore`: restores a stage's tables to a second of the past, and makes the stage continue with them.
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TableNames } from "../cdk/table-names.ts";
import { Failure } from "../local/failure.ts";
import { run } from "../local/processes.ts";
import { step } from "../local/step.ts";
import { installVenv } from "../local/venv.ts";
import { confirm } from "./aws/ask.ts";
import { cdk, toolEnvironment } from "./aws/cdk.ts";
import { type Deployed, findDeployed, stageOptions } from "./aws/deployed.ts";
import { longestRun, startFunctions, stopFunctions, tablesInUse } from "./aws/functions.ts";
import { requireWindow, restoredNames, restoreTables, tableKeys } from "./aws/recovery.ts";
import { continueRooms } from "./aws/restored-rooms.ts";
import { stackName } from "./aws/stage.ts";

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      ...stageOptions,
      at: { type: "string" },
      switch: { type: "boolean" },
      resume: { type: "boolean" },
      yes: { type: "boolean" },
    },
  });
  const { at, switch: switches = false, resume = false } = values;
  if ([at !== undefined, switches, resume].filter(Boolean).length !== 1) {
    throw new Failure(
      "Give one of `--at TIME`, then `--switch`; or `--resume`. docs/operating.md says what each does.",
    );
  }
  const deployed = await findDeployed(values);
  const consent = values.yes ? async (question: string) => console.log(`${question} Yes: --yes.`) : confirm;
  if (at !== undefined) await restore(deployed, timeFrom(at), consent);
  else if (switches) await switchTo(deployed, consent);
  else await step("Starting the functions", () => startFunctions(deployed));
}

function timeFrom(text: string): Date {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime()))
    throw new Failure(`\`--at ${text}\` is not a time: write 2026-11-30T12:00:00Z, in UTC.`);
  return at;
}

/** Changes nothing of the stage. */
async function restore(deployed: Deployed, at: Date, consent: typeof confirm): Promise<void> {
  const db = new DynamoDBClient({ region: deployed.region });
  const from = await tablesInUse(deployed);
  await requireWindow(db, from, at);
  const to = restoredNames(stackName(deployed.stage), at);
  console.log(
    `These tables are restored to ${at.toISOString()}, under new names; the stage goes on with those that it has:`,
  );
  for (const key of tableKeys) console.log(`  ${from[key]} → ${to[key]}`);
  await consent("Restore them? AWS bills the restored gigabytes, and their storage until you delete the tables.");
  await step("Restoring, which takes 20 minutes or more", (onLine) => restoreTables(db, from, to, at, onLine));
  console.log(`\nNext, in cdk/stages.ts, for the stage ${deployed.stage.name}:\n\n  tables: ${JSON.stringify(to)},\n`);
  console.log(
    `Then \`npm run restore -- --stage ${deployed.stage.name} --switch\`, which stops the stage for some minutes.`,
  );
}

/** Stops the stage, carries over what people have seen since, deploys the stage with the restored tables, and starts it again. */
async function switchTo(deployed: Deployed, consent: typeof confirm): Promise<void> {
  const { stage, region } = deployed;
  const live = await tablesInUse(deployed);
  const restored = stage.tables;
  if (!restored || restored.rooms === live.rooms) {
    throw new Failure(
      "The stage's setting `tables` must name restored tables that it does not use yet: see the end of `--at`.",
    );
  }
  await installVenv();
  const env = toolEnvironment(process.env, region);
  const tool = cdk(stage, env);
  await step("Building the handlers and the page", tool.synthesize);
  console.log(
    `\nWhat was written since the time that was restored is then only in the tables of before, which stay:\n${list(live)}\n` +
      "Deleted messages and rooms of that time are there again. Nobody can read or write for some minutes.",
  );
  await consent(`Switch ${stackName(stage)} to the restored tables?`);
  await step("Stopping the functions", () => stopFunctions(deployed));
  try {
    await step("Waiting until none is running", () => setTimeout(longestRun(deployed)));
    const db = new DynamoDBClient({ region });
    const { rooms, ahead } = await step("Continuing the rooms' numbers", () =>
      continueRooms(db, restored, live, Date.now()),
    );
    console.log(`${rooms} open rooms; ${ahead} go on from a later number, because people have seen those before it.`);
    await tool.deploy();
  } finally {
    // If the deployment failed, CloudFormation has gone back to the tables of before.
    await step("Starting the functions", () => startFunctions(deployed));
  }
  await run(process.execPath, ["scripts/run.mjs", "smoke", "--stage", stage.name], {
    env,
    failure: "Switched, but the smoke test failed: see the lines above.",
  });
}

const list = (tables: TableNames) =>
  Object.values(tables)
    .map((name) => `  ${name}`)
    .join("\n");
