// `npm run bench`: measures latency and a function's start on a running local cloud, beside the least that a frame takes; or what
// one who floods does to the others, which fails when they wait twice as long; or, without a cloud, what posts take by a
// function's memory, or how soon the page shows what one types in a room with many messages.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureFlood } from "../bench/flood.ts";
import { type Footprint, footprint } from "../bench/footprint.ts";
import { measureLatency } from "../bench/latency.ts";
import { measurePosts } from "../bench/posts.ts";
import { measureStart } from "../bench/start.ts";
import type { Summary } from "../bench/summary.ts";
import { measureTyping } from "../bench/typing.ts";
import { Failure } from "../local/failure.ts";
import { instance } from "../local/instance.ts";
import type { Addresses } from "../local/outputs.ts";
import { run } from "../local/processes.ts";

export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      outputs: { type: "string", default: ".parlor/outputs.json" },
      messages: { type: "string", default: "300" },
      seconds: { type: "string", default: "30" },
    },
  });
  const messages = wholeNumber("messages", values.messages);
  const seconds = wholeNumber("seconds", values.seconds);
  const unknown = positionals.find((name) => !["flood", "posts", "typing"].includes(name));
  if (unknown) throw new Failure(`There is no measurement \`${unknown}\`: say nothing, flood, posts, or typing.`);
  if (positionals.includes("posts")) return posts();
  if (positionals.includes("typing")) return typing();
  const addresses = await readAddresses(values.outputs);
  if (positionals.length > 0) await flood(addresses, seconds);
  else await speed(addresses, messages);
}

const instanceOf = ({ apiUrl }: Addresses) => instance(Number(new URL(apiUrl).port));

const figures = (what: string, unit: string, { median, p95 }: Summary) =>
  what.padEnd(42) + [median, p95].map((figure) => `${figure.toFixed(1)} ${unit}`.padStart(10)).join("");

async function flood(addresses: Addresses, seconds: number): Promise<void> {
  const at = instanceOf(addresses);
  const before = await footprint(at);
  const { quiet, flooded, besideFlooder, flooder } = await measureFlood(addresses, seconds);
  const after = await footprint(at);
  const row = (what: string, delays: Summary) =>
    console.log(figures(what, "ms", delays) + (delays.median / quiet.median).toFixed(2).padStart(9));
  console.log(`200 people in 10 rooms, and for ${seconds} s one of them sends as fast as they can`);
  console.log(`${"".padEnd(42)}    median       p95  × quiet`);
  row("message, sent → shown to another, quiet", quiet);
  row("while one floods", flooded);
  row("of those, in the flooded room", besideFlooder);
  const { sent, passed, refused, ended, turnedAway } = flooder;
  console.log(`\nThe flooder sent ${sent} frames: ${passed} passed, ${refused} were answered with rateLimited.`);
  console.log(`Its connection was ended ${ended} times, and refused ${turnedAway} times.`);
  console.log(`\n${"".padEnd(42)}    before     after`);
  const held = (what: string, of: (footprint: Footprint) => number) =>
    console.log(what.padEnd(42) + [before, after].map((at) => of(at).toFixed(0).padStart(10)).join(""));
  for (const table of Object.keys(after.rows)) held(`rows in ${table}`, ({ rows }) => rows[table] ?? 0);
  held("functions' processes", ({ functions }) => functions);
  held("their resident memory, MB", ({ megabytes }) => megabytes);
  if (flooded.median >= 2 * quiet.median) throw new Failure("The flood made the others wait twice as long, or longer.");
  if (refused === 0) throw new Failure("Nothing of the flood was refused.");
}

/** What `docs/costs.md` says about memory: few posts, many, and those of a full room. */
async function posts(): Promise<void> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new Failure(
      "Limiting the processor as Lambda does takes Linux and root: run `sudo -E npm run bench -- posts`.",
    );
  }
  const failure = "bench/posts could not be built: see the lines above.";
  const build = ["build", "--locked", "--release", "-p", "parlor-bench-posts"];
  // As AWS's build, but for its link-time optimization, which takes minutes and changes little here.
  const quickly = ["--config", 'profile.release.lto="off"', "--config", "profile.release.codegen-units=16"];
  await run("cargo", [...build, ...quickly], { onLine: console.log, failure });
  const program = join(process.env.CARGO_TARGET_DIR ?? "target", "release", "parlor-bench-posts");
  console.log("Posts over TLS of a function with no connection yet, and then again; each is answered after 10 ms");
  const heads = ["MB", "posts", "at once", "opened", "first ms", "of CPU", "failed", "next ms", "of CPU", "failed"];
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell) => `${typeof cell === "number" ? Math.round(cell) : cell}`.padStart(10)).join("");
  console.log(line(heads));
  for (const memory of [128, 256, 512, 1024, 1769]) {
    for (const [people, atOnce] of POSTS) {
      const { opened, first, next } = await measurePosts(program, memory, people, atOnce);
      const figures = [first, next].flatMap(({ milliseconds, processor, failed }) => [milliseconds, processor, failed]);
      console.log(line([memory, people, atOnce, opened, ...figures]));
    }
  }
}

/** People, and posts at once. */
const POSTS = [
  [2, 32],
  [64, 64],
  [64, 32],
  [1000, 32],
] as const;

async function speed(addresses: Addresses, messages: number): Promise<void> {
  const { shown, sent, ping, floor } = await measureLatency(addresses, messages);
  const row = (what: string, latency: Summary) =>
    console.log(figures(what, "ms", latency) + (latency.median / floor.median).toFixed(2).padStart(9));
  console.log(`2 people, ${messages} messages, one after another`);
  console.log(`${"".padEnd(42)}    median       p95  × floor`);
  row("message, sent → shown to the other", shown);
  row("message, sent → shown as sent to oneself", sent);
  row("ping → pong", ping);
  row("floor: invoked, counted, answered", floor);

  const { answered, resident } = await measureStart(instanceOf(addresses));
  console.log("\nA function's start, with one read of a table");
  console.log(figures("start → first answer", "ms", answered));
  console.log(figures("resident memory then", "MB", resident));
}

/** Needs no local cloud. */
async function typing(): Promise<void> {
  console.log("A key pressed in the composer → what it typed is painted");
  console.log(`${"".padEnd(42)}    median       p95`);
  for (const messages of [50, 5_000]) {
    console.log(figures(`in a room with ${messages} messages`, "ms", await measureTyping(messages)));
  }
}

function wholeNumber(name: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new Failure(`Give --${name} a whole number above 0.`);
  return Number(value);
}

async function readAddresses(path: string): Promise<Addresses> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new Failure(`There is no ${path}: start a local cloud with \`npm start\`, or name its file with --outputs.`);
  });
  return JSON.parse(text) as Addresses;
}
