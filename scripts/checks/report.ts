// Runs checks, prints what came of each, and counts the failures. Checks can run in parallel.
import { stripVTControlCharacters } from "node:util";
import { Failure } from "../../local/failure.ts";
import { run } from "../../local/processes.ts";

/** What a check prints appears when it ends, so that parallel checks do not mix their output. */
export interface Output {
  log(line: string): void;
  /** Runs a command. Rejects unless it exits with 0. */
  run(
    command: string,
    args: string[],
    options?: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string },
  ): Promise<void>;
}

/** Lines of a failure that the result repeats. The rest is above, where the check ended. */
const MOST_REASONS = 10;

/** What vitest, with the message below it, and cargo print about each test that failed. */
function failedTests(colored: readonly string[]): string[] {
  const lines = colored.map((line) => stripVTControlCharacters(line).trim());
  return lines.flatMap((line, at) => {
    if (line.startsWith("FAIL ")) return [line, lines[at + 1] ?? ""];
    return /^test .* FAILED$/.test(line) ? [line] : [];
  });
}

export class Report {
  #passed = 0;
  readonly #failed: string[] = [];

  /** Runs a check and returns whether it passed. */
  async check(title: string, work: (output: Output) => Promise<unknown>): Promise<boolean> {
    console.log(`▸ ${title}`);
    const started = performance.now();
    const lines: string[] = [];
    const log = (line: string) => {
      lines.push(line);
    };
    const output: Output = {
      log,
      run: async (command, args, options) => {
        const from = lines.length;
        await run(command, args, { ...options, onLine: log }).catch((failure: Failure) => {
          throw new Failure([failure.message, ...failedTests(lines.slice(from))].join("\n"));
        });
      },
    };
    const failure = await work(output).then(
      () => undefined,
      (error: Error) => (error.name === "Failure" ? error.message : error),
    );
    const seconds = Math.round((performance.now() - started) / 1000);
    if (lines.length > 0) console.log(`\n${lines.join("\n")}`);
    if (failure === undefined) this.#passed++;
    else {
      console.error(failure);
      const reasons = (failure instanceof Error ? failure.message : failure).split("\n");
      this.#failed.push([`${title}: ${reasons[0]}`, ...reasons.slice(1, MOST_REASONS)].join("\n  "));
    }
    console.log(`${failure === undefined ? "✓" : "✗"} ${title} (${seconds} s)`);
    return failure === undefined;
  }

  /** Prints the result and returns the exit code. */
  finish(): number {
    console.log("");
    for (const failed of this.#failed) console.log(`FAILED: ${failed}`);
    console.log(`${this.#passed} passed, ${this.#failed.length} failed`);
    return this.#failed.length === 0 ? 0 : 1;
  }
}
