// `npm run chaos`: random talk under random faults, on a local cloud of its own or a stage that runs already.
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { HistoryEvent } from "../chaos/history.ts";
import { type Outcome, type Progress, run } from "../chaos/run.ts";
import type { Addresses } from "../scenarios/index.ts";
import { startLocalCloud } from "./local/cloud.ts";
import { Failure } from "./local/failure.ts";
import { instance } from "./local/instance.ts";
import { formatInvocation } from "./local/logs.ts";
import { freePort } from "./local/ministack.ts";

const SHOWN_VIOLATIONS = 20;
/** Messages of one round. The local cloud's tables get slower with each row; a round's rows go with its rooms. */
const ROUND = 2_000;

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
    wholeNumber("messages", values.messages) ?? (minutes === undefined ? ROUND : Number.POSITIVE_INFINITY);
  console.log(`Seed ${seed}`);
  if (values.outputs !== undefined) return talk(await readOutputs(values.outputs), seed, messages, minutes);

  const at = instance(await freePort());
  await mkdir(at.folder, { recursive: true });
  const log = createWriteStream(join(at.folder, "functions.log"));
  const cloud = await startLocalCloud(at, (json) => log.write(`${formatInvocation(json).join("\n")}\n`));
  const code = await talk(cloud, seed, messages, minutes).finally(() => cloud.stop());
  if (code === 0) await rm(at.folder, { recursive: true });
  else console.log(`What the functions wrote: ${log.path}`);
  return code;
}

/** Talks round after round, each with people and rooms of its own, until one ends badly. */
async function talk(addresses: Addresses, seed: number, messages: number, minutes?: number): Promise<number> {
  const started = Date.now();
  const until = started + (minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  let total: Progress = { said: 0, faults: {} };
  let discontinuities = 0;
  for (let round = seed; total.said < messages && Date.now() < until; round++) {
    const outcome = await run(addresses, {
      seed: round,
      messages: Math.min(ROUND, messages - total.said),
      until,
      onProgress: (progress) => console.log(line(sum(total, progress), started)),
    });
    total = sum(total, outcome);
    discontinuities += outcome.discontinuities;
    console.log(`${line(total, started)}; round of seed ${round}: ${outcome.violations.length} violations`);
    if (outcome.violations.length > 0) return report(outcome, round);
  }
  console.log(`${discontinuities} times a reader was told that too much was missed`);
  console.log(`${total.said} messages, 0 violations`);
  return 0;
}

function sum(total: Progress, { said, faults }: Progress): Progress {
  const counts: Record<string, number> = { ...total.faults };
  for (const [fault, count] of Object.entries(faults)) counts[fault] = (counts[fault] ?? 0) + count;
  return { said: total.said + said, faults: counts };
}

async function report({ violations, history }: Outcome, seed: number): Promise<number> {
  for (const { name, room, about } of violations.slice(0, SHOWN_VIOLATIONS))
    console.log(`${name}, room ${room}: ${about}`);
  console.log(`What was asked and seen: ${await writeHistory(history, seed)}`);
  console.log(`Again: npm run chaos -- --seed ${seed} --messages ${ROUND}`);
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

function line({ said, faults }: Progress, started: number): string {
  const seconds = Math.round((Date.now() - started) / 1000);
  const counts = Object.entries(faults).map(([fault, count]) => `${fault} ${count}`);
  return `${seconds} s: ${said} messages; ${counts.join(", ")}`;
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined || /^\d+$/.test(value)) return value === undefined ? undefined : Number(value);
  throw new Failure(`Give --${name} a whole number.`);
}

async function readOutputs(path: string): Promise<Addresses> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new Failure(`There is no ${path}: start a local cloud with \`npm start\`, or leave --outputs out.`);
  });
  return JSON.parse(text) as Addresses;
}
