// Child processes: each has its own process group and ends with this process, however that ends.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { Failure } from "./failure.ts";

const running = new Set<ChildProcess>();

/** Kills a process and everything that it started. */
export function end(child: ChildProcess): void {
  running.delete(child);
  try {
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  } catch {
    // The process group no longer exists.
  }
}

/** Children that are asked to exit, and awaited, when this process ends. All others are killed at once. */
const graceful = new Map<ChildProcess, () => void>();
let endingSince: number | undefined;
/** One Ctrl-C arrives twice: from the terminal and from npm. A signal after this time is another Ctrl-C. */
const DUPLICATE_SIGNAL_MS = 1_000;

/** Registers how to ask a child to exit. */
export function exitGracefully(child: ChildProcess, ask: () => void): void {
  graceful.set(child, ask);
  child.on("exit", () => graceful.delete(child));
}

process.on("exit", () => running.forEach(end));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, async () => {
    const code = process.exitCode ?? 130;
    if (endingSince !== undefined && performance.now() - endingSince < DUPLICATE_SIGNAL_MS) return;
    if (endingSince !== undefined || graceful.size === 0) process.exit(code);
    endingSince = performance.now();
    const ended = [...graceful.keys()].map((child) => once(child, "exit"));
    for (const child of running) if (!graceful.has(child)) end(child);
    for (const ask of graceful.values()) ask();
    await Promise.all(ended);
    process.exit(code);
  });
}

/** Resolves with the exit code. Never resolves once this process is ending. */
export async function exitCode(child: ChildProcess, event: "exit" | "close" = "exit"): Promise<number> {
  const code = await new Promise<number>((resolve) => {
    child.on(event, (code) => resolve(code ?? 1));
    child.on("error", (error) => {
      console.error(error.message);
      resolve(127);
    });
  });
  return endingSince !== undefined ? new Promise(() => {}) : code;
}

export function start(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true });
  running.add(child);
  child.on("exit", () => end(child));
  return child;
}

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Default: this process's folder. */
  readonly cwd?: string;
  /** Called with each line of output. Default: the output goes to the terminal. */
  readonly onLine?: (line: string) => void;
  /** The error message if the exit code is not 0. */
  readonly failure?: string;
}

/** Runs a command and waits for it. Rejects unless it exits with 0. */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<void> {
  const { env = process.env, cwd, onLine, failure = `${basename(command)} failed: see the lines above.` } = options;
  const output = onLine ? "pipe" : "inherit";
  const child = start(command, args, { env, cwd, stdio: ["ignore", output, output] });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream && onLine) createInterface({ input: stream }).on("line", onLine);
  }
  if ((await exitCode(child, "close")) !== 0) throw new Failure(failure);
}
