// Measures posts to a room by function memory. Lambda gives a function a share of a processor in proportion to its memory, and TLS
// handshakes need processor time. The functions' own client posts to a local endpoint: first without open connections, like a
// function that has just started, and then again.
//
// Linux control groups limit the processor, as on Lambda. That needs root.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { access, mkdir, mkdtemp, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** MB of memory at which a function has one processor. */
const ONE_PROCESSOR = 1769;
/** Microseconds. In each period, the process runs for its share and then waits. */
const PERIOD = 20_000;

export interface FanOut {
  readonly milliseconds: number;
  /** Processor time in milliseconds, of a whole processor. */
  readonly processor: number;
  /** Posts that timed out, with the functions' own limits: two attempts of 0.7 s each. */
  readonly failed: number;
}

export interface Posts {
  readonly first: FanOut;
  readonly next: FanOut;
  /** Connections opened, each with one handshake. */
  readonly opened: number;
}

/** `program` is the binary built from `bench/posts`. */
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

/** Creates a control group with this share of a processor. A process joins it by writing its id to `file`. */
async function limitProcessor(share: number): Promise<{ file: string; remove: () => Promise<void> }> {
  const quota = Math.round(PERIOD * share);
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
