// `npm run doctor`: says whether a stage can be deployed to your AWS account, and what to do first.
import { parseArgs } from "node:util";
import { examine } from "./aws/examine.ts";
import { stageFrom } from "./aws/stage.ts";

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { stage: { type: "string" } } });
  const stage = stageFrom(values.stage);
  const findings = await examine(stage, process.env);
  const problems = findings.filter(({ level }) => level === "problem" || level === "recoverable").length;
  if (problems === 0) console.log(`\nNothing stops \`npm run deploy -- --stage ${stage.name}\`.`);
  else console.log(`\n${problems} of these stop a deployment.`);
  return problems === 0 ? 0 : 1;
}
