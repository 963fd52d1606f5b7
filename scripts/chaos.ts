// `npm run chaos`: random messages in rooms and conversations under random faults, on a local cloud of its own or on a running stage.
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startLocalCloud } from "../local/cloud.ts";
import { Failure } from "../local/failure.ts";
import { instance } from "../local/instance.ts";
import { formatInvocation } from "../local/logs.ts";
import { freePort } from "../local/ministack.ts";
import type { Addresses } from "../local/outputs.ts";
import type { HistoryEvent } from "../tests/chaos/history.ts";
import { type Progress, run } from "../tests/chaos/run.ts";

const SHOWN_VIOLATIONS = 20;
const MESSAGES = 2_000;

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string" },
      messages: { type: "string" },
      minutes: { type: "string" },
      outputs: { type: "string" },
    },
  });
  const seed = wholeNumber("seed", values.seed) ?? Math.floor(Math.random() * 2 ** 32);
  const minutes = wholeNumber("minutes", values.minutes);
  const messages =
    wholeNumber("messages", values.messages) ?? (minutes === undefined ? MESSAGES : Number.POSITIVE_INFINITY);
  console.log(`Seed ${seed}`);
  if (values.outputs !== undefined) return runChaos(await readOutputs(values.outputs), seed, messages, minutes);

  const at = instance(await freePort());
  await mkdir(at.folder, { recursive: true });
  const log = createWriteStream(join(at.folder, "functions.log"));
  const cloud = await startLocalCloud(at, (json) => log.write(`${formatInvocation(json).join("\n")}\n`));
  const code = await runChaos(cloud, seed, messages, minutes).finally(() => cloud.stop());
  if (code === 0) await rm(at.folder, { recursive: true });
  else console.log(`Log of the functions: ${log.path}`);
  return code;
}

async function runChaos(addresses: Addresses, seed: number, messages: number, minutes?: number): Promise<number> {
  const started = Date.now();
  const outcome = await run(addresses, {
    seed,
    messages,
    ...(minutes !== undefined && { until: started + minutes * 60_000 }),
    onProgress: (progress) => console.log(line(progress, started)),
  });
  console.log(line(outcome, started));
  const { violations, history, discontinuities, sent, inConversations, memberChanges } = outcome;
  console.log(`${inConversations} messages in conversations, ${memberChanges} changes of members`);
  console.log(`${discontinuities} times a client missed too much to catch up`);
  console.log(`${sent} messages, ${violations.length} violations`);
  if (violations.length === 0) return 0;
  for (const { name, room, about } of violations.slice(0, SHOWN_VIOLATIONS))
    console.log(`${name}, room ${room}: ${about}`);
  console.log(`Requests and received frames: ${await writeHistory(history, seed)}`);
  console.log(`To repeat: npm run chaos -- --seed ${seed} --messages ${Number.isFinite(messages) ? messages : sent}`);
  return 1;
}

async function writeHistory(history: readonly HistoryEvent[], seed: number): Promise<string> {
  const path = join(".parlor", `chaos-${seed}.jsonl`);
  await mkdir(".parlor", { recursive: true });
  const file = createWriteStream(path);
  for (const event of history) file.write(`${JSON.stringify(event)}\n`);
  await new Promise<void>((resolve) => file.end(resolve));
  return path;
}

function line({ sent, faults }: Progress, started: number): string {
  const seconds = Math.round((Date.now() - started) / 1000);
  const counts = Object.entries(faults).map(([fault, count]) => `${fault} ${count}`);
  return `${seconds} s: ${sent} messages; ${counts.join(", ")}`;
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined || /^\d+$/.test(value)) return value === undefined ? undefined : Number(value);
  throw new Failure(`--${name} must be a whole number.`);
}

async function readOutputs(path: string): Promise<Addresses> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new Failure(`There is no ${path}: start a local cloud with \`npm start\`, or omit --outputs.`);
  });
  return JSON.parse(text) as Addresses;
}
