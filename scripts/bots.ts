// `npm run bots -- try`: says what a bot replies to a message. The handlers' own matcher does.
import { parseArgs } from "node:util";
import { answersBotsOf } from "../cdk/bots-setting.ts";
import { readStage } from "../cdk/stages.ts";
import { Failure } from "../local/failure.ts";
import { run } from "../local/processes.ts";

export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { bot: { type: "string" }, stage: { type: "string", default: "local" } },
    allowPositionals: true,
  });
  const [command, message, ...more] = positionals;
  if (command !== "try" || message === undefined || more.length > 0) {
    throw new Failure('Say what to try: npm run bots -- try "book hotel"');
  }
  const { file, title, name } = choose(values.stage, values.bot);
  const program = ["run", "--quiet", "--locked", "-p", "parlor-bots", "--bin", "try-bot", "--"];
  await run("cargo", [...program, file, message, title, name], {
    failure: "The bot has no reply: see the line above.",
  });
}

function choose(stage: string, name?: string) {
  const bots = answersBotsOf(read(stage));
  const found = name === undefined ? bots[0] : bots.find((bot) => bot.name === name);
  if (found) return found;
  const names = bots.map((bot) => bot.name).join(", ");
  throw new Failure(
    names && name !== undefined
      ? `The stage "${stage}" has no bot "${name}" with a file. Choose one of ${names}.`
      : `The stage "${stage}" has no bots with a file: the setting \`bots\` in cdk/stages.ts lists them.`,
  );
}

function read(stage: string) {
  try {
    return readStage(stage);
  } catch (error) {
    throw new Failure((error as Error).message);
  }
}
