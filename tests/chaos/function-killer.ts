// Kills functions of a local cloud: MiniStack runs each as a process `bootstrap` with the cloud's port in its environment.

import { readdir, readFile } from "node:fs/promises";
import type { Random } from "./random.ts";

/** Kills functions at any point of their work. Does nothing if the cloud is not on this machine. */
export class FunctionKiller {
  killed = 0;
  readonly #port: string;
  readonly #random: Random;

  constructor(apiUrl: string, random: Random) {
    this.#port = new URL(apiUrl).port;
    this.#random = random;
  }

  /** Kills a random one. */
  async killOne(): Promise<void> {
    const [first, ...others] = await functionProcesses(this.#port);
    if (first === undefined) return;
    try {
      process.kill(this.#random.pick([first, ...others]), "SIGKILL");
      this.killed++;
    } catch {
      // It has already ended.
    }
  }
}

async function functionProcesses(port: string): Promise<number[]> {
  const ids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(ids.map(async (id) => ((await isFunction(id, port)) ? [Number(id)] : [])));
  return found.flat();
}

async function isFunction(id: string, port: string): Promise<boolean> {
  const words = async (file: string) => (await readFile(`/proc/${id}/${file}`, "utf8").catch(() => "")).split("\0");
  const [command = ""] = await words("cmdline");
  if (!command.endsWith("/bootstrap")) return false;
  const variables = await words("environ");
  return variables.some((variable) => variable.startsWith("AWS_ENDPOINT_URL=") && variable.endsWith(`:${port}`));
}
