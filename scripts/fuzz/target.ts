// Runs one fuzz target and parses the output of libFuzzer.
import { existsSync, readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { Failure } from "../../local/failure.ts";
import { run } from "../../local/processes.ts";

const home = "handlers/fuzz";

export const targets = readdirSync(join(home, "fuzz_targets")).map((file) => basename(file, ".rs"));

/** Seconds for one input, far more than a function has. */
const TIMEOUT = 10;

interface Outcome {
  readonly executions: number;
  /** Control-flow edges. */
  readonly coverage: number;
  readonly seconds: number;
}

/** New inputs go into a separate folder, so that the committed corpus stays small. */
export async function fuzz(programs: string, name: string, runs: number): Promise<Outcome> {
  const [found, artifacts] = [join(".parlor/fuzz", name, "corpus"), join(".parlor/fuzz", name, "artifacts/")];
  await Promise.all([found, artifacts].map((folder) => mkdir(folder, { recursive: true })));
  const seeds = [join(home, "corpus", name), join(home, "regressions", name)].filter((folder) => existsSync(folder));
  const options = [
    `-runs=${runs}`,
    `-timeout=${TIMEOUT}`,
    `-dict=${join(home, "dictionary")}`,
    `-artifact_prefix=${artifacts}`,
    // Entropic scheduling costs more than the executions themselves with this many edges.
    "-entropic=0",
    "-print_final_stats=1",
  ];
  const output: string[] = [];
  const started = performance.now();
  await run(join(programs, name), [...options, found, ...seeds], { onLine: (line) => output.push(line) }).catch(() => {
    throw new Failure(
      `${output.slice(-40).join("\n")}\n\nThe input is in ${artifacts}. Fix the bug and keep the input in ${home}/regressions/${name}.`,
    );
  });
  const text = output.join("\n");
  const number = (pattern: RegExp) => Number([...text.matchAll(pattern)].at(-1)?.[1]);
  return {
    executions: number(/stat::number_of_executed_units:\s*(\d+)/g),
    coverage: number(/ cov: (\d+)/g),
    seconds: Math.round((performance.now() - started) / 1000),
  };
}
