// `npm run bench`: measures latency and a function's start on a running local cloud, beside the cloud's own floor.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { measureLatency } from "../bench/latency.ts";
import { measureStart } from "../bench/start.ts";
import type { Summary } from "../bench/summary.ts";
import type { Addresses } from "../scenarios/scenario.ts";
import { Failure } from "./local/failure.ts";
import { instance } from "./local/instance.ts";

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      outputs: { type: "string", default: ".parlor/outputs.json" },
      messages: { type: "string", default: "300" },
    },
  });
  const messages = Number(values.messages);
  if (!Number.isInteger(messages) || messages < 1) throw new Failure("Give --messages a whole number above 0.");
  const { shown, sent, ping, floor } = await measureLatency(await readAddresses(values.outputs), messages);
  const figures = (what: string, unit: string, { median, p95 }: Summary) =>
    what.padEnd(42) + [median, p95].map((figure) => `${figure.toFixed(1)} ${unit}`.padStart(10)).join("");
  const row = (what: string, latency: Summary) =>
    console.log(figures(what, "ms", latency) + (latency.median / floor.median).toFixed(2).padStart(9));
  console.log(`2 people, ${messages} messages, one after another`);
  console.log(`${"".padEnd(42)}    median       p95  × floor`);
  row("message, sent → shown to the other", shown);
  row("message, sent → shown as sent to oneself", sent);
  row("ping → pong", ping);
  row("floor: one invocation and one post", floor);

  const { answered, resident } = await measureStart(instance());
  console.log("\nA function's start, with one read of a table");
  console.log(figures("start → first answer", "ms", answered));
  console.log(figures("resident memory then", "MB", resident));
}

async function readAddresses(path: string): Promise<Addresses> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new Failure(`There is no ${path}: start a local cloud with \`npm start\`, or name its file with --outputs.`);
  });
  return JSON.parse(text) as Addresses;
}
