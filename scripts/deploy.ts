// `npm run deploy`: deploys a stage to your AWS account and tests it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { Stage } from "../cdk/stages.ts";
import { Failure } from "../local/failure.ts";
import { run } from "../local/processes.ts";
import { step } from "../local/step.ts";
import { installVenv } from "../local/venv.ts";
import { stackStatus } from "./aws/account.ts";
import { confirm } from "./aws/ask.ts";
import { awsFolder, cdk, toolEnvironment } from "./aws/cdk.ts";
import { lossesOf, readDiff, summarize } from "./aws/diff.ts";
import { examine } from "./aws/examine.ts";
import { recover } from "./aws/recover.ts";
import { readRegion } from "./aws/region.ts";
import { describeStack, failures } from "./aws/stack.ts";
import { failedCreation, isDeployed } from "./aws/stack-status.ts";
import { stackName, stageFrom } from "./aws/stage.ts";

export async function main(args: string[]): Promise<void> {
  const started = performance.now();
  const { values } = parseArgs({ args, options: { stage: { type: "string" }, yes: { type: "boolean" } } });
  const stage = stageFrom(values.stage);
  const consent = values.yes ? async (question: string) => console.log(`${question} Yes: --yes.`) : confirm;

  const problems = (await examine(stage, process.env)).filter(({ level }) => level === "problem").length;
  const region = await readRegion(process.env);
  if (problems > 0 || !region) throw new Failure("\nNothing was changed: solve each ✗ first, then deploy again.");
  const client = new CloudFormationClient({ region });
  const name = stackName(stage);
  if (failedCreation(await stackStatus(client, name))) await recover(client, stage, consent);

  await installVenv();
  const env = toolEnvironment(process.env, region);
  const tool = cdk(stage, env);
  await step("Building the handlers and the page", tool.synthesize);
  if (isDeployed(await stackStatus(client, name))) await compare(stage, tool, consent);
  else console.log("First deployment: everything is created.");

  await tool.deploy().catch(async (error) => {
    await explain(client, stage);
    throw error;
  });
  for (const { OutputKey, OutputValue } of (await describeStack(client, name)).outputs) {
    console.log(`${OutputKey?.padEnd(15)} ${OutputValue}`);
  }
  console.log("");
  await run(process.execPath, ["scripts/run.mjs", "smoke", "--stage", stage.name], {
    env,
    failure: `Deployed, but the smoke test failed: see the lines above. \`npm run smoke -- --stage ${stage.name}\` repeats it.`,
  });
  console.log(`\nDeployed and tested in ${duration(performance.now() - started)}.`);
}

/** Summarizes what changes, and asks if something would be lost. */
async function compare(stage: Stage, tool: ReturnType<typeof cdk>, consent: typeof confirm): Promise<void> {
  const text = await step("Comparing with what is deployed", tool.diff);
  const file = join(awsFolder(stage), "diff.txt");
  await mkdir(awsFolder(stage), { recursive: true });
  await writeFile(file, text);
  const changes = readDiff(text);
  console.log(`${summarize(changes)}. Everything, with permissions: ${file}`);
  const losses = lossesOf(changes);
  if (losses.length === 0) return;
  console.log(`\nThis deployment loses:\n${losses.map((loss) => `  ${loss}`).join("\n")}`);
  await consent("Deploy it nevertheless?");
}

/** Says why a deployment failed and what state it left. */
async function explain(client: CloudFormationClient, stage: Stage): Promise<void> {
  const name = stackName(stage);
  const status = await stackStatus(client, name);
  if (status === undefined) return;
  const { id } = await describeStack(client, name);
  console.log(`\n${name} is in ${status}:\n${(await failures(client, id)).join("\n")}`);
  if (failedCreation(status)) {
    console.log(
      `The next \`npm run deploy -- --stage ${stage.name}\` asks before it deletes the stack and starts anew.`,
    );
  }
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
