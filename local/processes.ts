// Every process that a script starts is in a group of its own and ends with the script, however that ends.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { Failure } from "./failure.ts";

const running = new Set<ChildProcess>();

/** Ends a process and everything that it started. */
export function end(child: ChildProcess): void {
  running.delete(child);
  try {
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  } catch {
    // The whole group is gone already.
  }
}

/** What is told to end, and waited for, when this process is: how each is told. Everything else ends at once. */
const asked = new Map<ChildProcess, () => void>();
let endingSince: number | undefined;
/** A terminal's Ctrl-C comes twice, the second time from npm, which passes it on. Later than this it is another one. */
const SAME_MS = 1_000;

export function askToEnd(child: ChildProcess, ask: () => void): void {
  asked.set(child, ask);
  child.on("exit", () => asked.delete(child));
}

process.on("exit", () => running.forEach(end));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, async () => {
    const code = process.exitCode ?? 130;
    if (endingSince !== undefined && performance.now() - endingSince < SAME_MS) return;
    if (endingSince !== undefined || asked.size === 0) process.exit(code);
    endingSince = performance.now();
    const ended = [...asked.keys()].map((child) => once(child, "exit"));
    for (const child of running) if (!asked.has(child)) end(child);
    for (const ask of asked.values()) ask();
    await Promise.all(ended);
    process.exit(code);
  });
}

/** Its exit code; never, once this process ends. */
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
  /** Called with each line of output. Default: the output goes to the terminal. */
  readonly onLine?: (line: string) => void;
  /** What to say when the exit code is not 0. */
  readonly failure?: string;
}

/** Runs a command to its end. */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<void> {
  const { env = process.env, onLine, failure = `${basename(command)} failed: see the lines above.` } = options;
  const output = onLine ? "pipe" : "inherit";
  const child = start(command, args, { env, stdio: ["ignore", output, output] });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream && onLine) createInterface({ input: stream }).on("line", onLine);
  }
  if ((await exitCode(child, "close")) !== 0) throw new Failure(failure);
}
