// `npm run bench`: measurements. By default, latency against a no-op frame and the start of a function, on a running local
// cloud. `features`: the latency of messages in rooms with moderation, bots and webhooks. `flood`: the effect of one flooding
// client on others; fails if their latency doubles. `sweep`: how long it takes to end and delete rooms, on a local cloud that
// nobody else uses. `posts` and `typing` need no cloud.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureFeatures, PEOPLE } from "../bench/features.ts";
import { measureFlood } from "../bench/flood.ts";
import { type Footprint, footprint } from "../bench/footprint.ts";
import { measureLatency } from "../bench/latency.ts";
import { measurePosts } from "../bench/posts.ts";
import { measureStart, STARTS } from "../bench/start.ts";
import type { Summary } from "../bench/summary.ts";
import { measureSweeps } from "../bench/sweep.ts";
import { KEYS, measureTyping } from "../bench/typing.ts";
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
  const unknown = positionals.find((name) => !["features", "flood", "posts", "sweep", "typing"].includes(name));
  if (unknown)
    throw new Failure(
      `There is no measurement \`${unknown}\`: choose features, flood, posts, sweep or typing, or none.`,
    );
  if (positionals.includes("posts")) return posts();
  if (positionals.includes("typing")) return typing();
  const addresses = await readAddresses(values.outputs);
  if (positionals.includes("sweep")) return sweep(addresses);
  if (positionals.includes("features")) return features(addresses, messages);
  if (positionals.length > 0) await flood(addresses, seconds);
  else await speed(addresses, messages);
}

const instanceOf = ({ apiUrl }: Addresses) => instance(Number(new URL(apiUrl).port));

const figures = (what: string, unit: string, { median, p95 }: Summary) =>
  what.padEnd(42) + [median, p95].map((figure) => `${figure.toFixed(1)} ${unit}`.padStart(10)).join("");

async function features(addresses: Addresses, messages: number): Promise<void> {
  const measured = await measureFeatures(addresses, messages);
  const [plain] = measured.values();
  console.log(
    `Local cloud; ${PEOPLE} people in each room, ${messages} messages in each, in turns: frame → acknowledgement`,
  );
  console.log(`${"".padEnd(42)}    median       p95    × none`);
  for (const [what, latency] of measured) {
    const ratio = latency.median / (plain?.median ?? Number.NaN);
    console.log(figures(what, "ms", latency) + ratio.toFixed(2).padStart(10));
  }
}

const ROOMS = 1_000;
const ROWS = 100_000;

async function sweep(addresses: Addresses): Promise<void> {
  const { endRooms, deleteRooms, deleteLog, oneRoom } = await measureSweeps(addresses, ROOMS, ROWS);
  const row = (what: string, seconds: number) =>
    console.log(`${what.padEnd(42)}${seconds.toFixed(1).padStart(8)} s${(seconds / oneRoom).toFixed(1).padStart(9)} ×`);
  row("one empty room, ended and deleted", oneRoom);
  row(`${ROOMS} rooms that are due at once, ended`, endRooms);
  row("and deleted", deleteRooms);
  row(`one room with ${ROWS} rows, deleted`, deleteLog);
}

async function flood(addresses: Addresses, seconds: number): Promise<void> {
  const at = instanceOf(addresses);
  const before = await footprint(at);
  const { quiet, flooded, inFloodedRoom, flooder } = await measureFlood(addresses, seconds);
  const after = await footprint(at);
  const row = (what: string, delays: Summary) =>
    console.log(figures(what, "ms", delays) + (delays.median / quiet.median).toFixed(2).padStart(9));
  console.log(
    `200 people in 10 rooms, one message per room every 5 s; ${seconds} s quiet, then one person sends as fast as possible for ${seconds} s`,
  );
  console.log(`${"".padEnd(42)}    median       p95  × quiet`);
  row("send → another client's event, quiet", quiet);
  row("during the flood", flooded);
  row("the same in the flooded room", inFloodedRoom);
  const { sent, acknowledged, refused, disconnected, rejected } = flooder;
  console.log(
    `\nThe flooder sent ${sent} frames: ${acknowledged} were acknowledged, ${refused} refused with rateLimited.`,
  );
  console.log(`Its connection was closed ${disconnected} times and rejected ${rejected} times.`);
  console.log(`\n${"".padEnd(42)}    before     after`);
  const resources = (what: string, of: (footprint: Footprint) => number) =>
    console.log(what.padEnd(42) + [before, after].map((at) => of(at).toFixed(0).padStart(10)).join(""));
  for (const table of Object.keys(after.rows)) resources(`rows in ${table}`, ({ rows }) => rows[table] ?? 0);
  resources("function processes", ({ functions }) => functions);
  resources("their resident memory, MB", ({ megabytes }) => megabytes);
  if (flooded.median >= 2 * quiet.median) throw new Failure("The flood at least doubled the latency of the others.");
  if (refused === 0) throw new Failure("No frame of the flood was refused.");
}

/** The measurements behind the memory sizes in `docs/costs.md`: few posts, many, and those of a full room. */
async function posts(): Promise<void> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new Failure("Limiting the processor like Lambda needs Linux and root: run `sudo -E npm run bench -- posts`.");
  }
  const failure = "Building bench/posts failed: see the output above.";
  const build = ["build", "--locked", "--release", "-p", "parlor-bench-posts"];
  // Like the build for AWS, without link-time optimization: it takes minutes and changes little here.
  const quickly = ["--config", 'profile.release.lto="off"', "--config", "profile.release.codegen-units=16"];
  await run("cargo", [...build, ...quickly], { onLine: console.log, failure });
  const program = join(process.env.CARGO_TARGET_DIR ?? "target", "release", "parlor-bench-posts");
  console.log("Posts over TLS to a local endpoint that answers after 10 ms: without open connections, then again");
  const heads = ["MB", "posts", "at once", "opened", "first ms", "of CPU", "failed", "next ms", "of CPU", "failed"];
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell) => `${typeof cell === "number" ? Math.round(cell) : cell}`.padStart(10)).join("");
  console.log(line(heads));
  for (const memory of [128, 256, 512, 1024, 1769]) {
    for (const [people, atOnce] of POSTS) {
      const { opened, first, next } = await measurePosts(program, memory, people, atOnce);
      const measured = [first, next].flatMap(({ milliseconds, processor, failed }) => [
        milliseconds,
        processor,
        failed,
      ]);
      console.log(line([memory, people, atOnce, opened, ...measured]));
    }
  }
}

/** Number of people, and of concurrent posts. */
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
  console.log(`Local cloud; 2 people, ${messages} messages one after another, a no-op frame after each`);
  console.log(`${"".padEnd(42)}    median       p95  × floor`);
  row("send → the other client's message event", shown);
  row("send → the sender's own message event", sent);
  row("ping → pong", ping);
  row("floor: no-op frame", floor);

  const { answered, resident } = await measureStart(instanceOf(addresses));
  console.log(`\nLocal build of a function that reads one table row, ${STARTS} starts`);
  console.log(figures("process start → first answer", "ms", answered));
  console.log(figures("resident memory", "MB", resident));
}

/** Needs no local cloud. */
async function typing(): Promise<void> {
  console.log(`Key pressed in the composer → character painted, ${KEYS} keys in Chromium`);
  console.log(`${"".padEnd(42)}    median       p95`);
  for (const messages of [50, 5_000]) {
    console.log(figures(`in a room with ${messages} messages`, "ms", await measureTyping(messages)));
  }
}

function wholeNumber(name: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new Failure(`--${name} must be a whole number above 0.`);
  return Number(value);
}

async function readAddresses(path: string): Promise<Addresses> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new Failure(`There is no ${path}: start a local cloud with \`npm start\`, or name its file with --outputs.`);
  });
  return JSON.parse(text) as Addresses;
}
