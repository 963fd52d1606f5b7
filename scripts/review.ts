// `npm run review -- try`: says what a stage's word lists find in a text. The handlers' own matcher does.
import { parseArgs } from "node:util";
import { wordFiles } from "../cdk/review-setting.ts";
import { readStage } from "../cdk/stages.ts";
import { Failure } from "../local/failure.ts";
import { run } from "../local/processes.ts";

export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { stage: { type: "string", default: "local" } },
    allowPositionals: true,
  });
  const [command, text, ...more] = positionals;
  if (command !== "try" || text === undefined || more.length > 0) {
    throw new Failure('Say what to try: npm run review -- try "some text"');
  }
  const program = ["run", "--quiet", "--locked", "-p", "parlor-words", "--bin", "try-words", "--"];
  await run("cargo", [...program, text, ...files(values.stage)], { failure: "See the line above." });
}

function files(stage: string): string[] {
  let found: string[];
  try {
    found = wordFiles(readStage(stage));
  } catch (error) {
    throw new Failure((error as Error).message);
  }
  if (found.length > 0) return found;
  throw new Failure(`The stage "${stage}" has no word lists: the setting \`review\` in cdk/stages.ts names them.`);
}
