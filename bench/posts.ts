// What posting to a room takes, by the size of the function: Lambda gives a function a part of a processor, in proportion to its
// memory, and a TLS handshake is work. The functions' own client posts to an endpoint on this computer, first without a
// connection, as a function does that has just started, and then again.
//
// The processor is limited as Lambda does it, by control groups of Linux, for which this needs root.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { access, mkdir, mkdtemp, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** MB of memory with which a function has one processor. */
const ONE_PROCESSOR = 1769;
/** Microseconds: within each, a function runs for its part and then waits. */
const PERIOD = 20_000;

export interface FanOut {
  readonly milliseconds: number;
  /** Milliseconds of processor, whatever part of it there was. */
  readonly processor: number;
  /** Posts that were given up, as a function would: each has 0.7 s, twice. */
  readonly failed: number;
}

export interface Posts {
  readonly first: FanOut;
  readonly next: FanOut;
  /** Connections, each with a handshake. */
  readonly opened: number;
}

/** `program` is the built `bench/posts`. */
export async function measurePosts(program: string, memory: number, posts: number, atOnce: number): Promise<Posts> {
  const folder = await mkdtemp(join(tmpdir(), "parlor-posts-"));
  const certificate = join(folder, "certificate.pem");
  const server = spawn(program, ["serve", certificate], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(server.stdout)[Symbol.asyncIterator]();
  const limit = await limitProcessor(memory / ONE_PROCESSOR);
  try {
    const { value: port } = await lines.next();
    const post = [program, "post", `https://localhost:${port}/ws`, certificate, `${posts}`, `${atOnce}`];
    const { stdout } = await promisify(execFile)("sh", ["-c", `echo $$ > "$0" && exec "$@"`, limit.file, ...post]);
    server.stdin.end();
    const { value: opened } = await lines.next();
    return { ...JSON.parse(stdout), opened: Number(opened) };
  } finally {
    if (server.exitCode === null) {
      server.kill();
      await once(server, "exit");
    }
    await limit.remove();
    await rm(folder, { recursive: true });
  }
}

/** What is written into `file` by its id has no more than this part of a processor. */
async function limitProcessor(part: number): Promise<{ file: string; remove: () => Promise<void> }> {
  const quota = Math.round(PERIOD * part);
  const [root, settings] = (await exists("/sys/fs/cgroup/cgroup.controllers"))
    ? ["/sys/fs/cgroup", { "cpu.max": `${quota} ${PERIOD}` }]
    : ["/sys/fs/cgroup/cpu", { "cpu.cfs_period_us": `${PERIOD}`, "cpu.cfs_quota_us": `${quota}` }];
  const group = join(root, `parlor-${process.pid}`);
  await mkdir(group);
  for (const [name, value] of Object.entries(settings)) await writeFile(join(group, name), value);
  return { file: join(group, "cgroup.procs"), remove: () => rmdir(group) };
}

const exists = (path: string) =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
