// Questions to the person at the terminal.
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { Failure } from "../../local/failure.ts";

/** Asks and returns the line that was typed. Rejects if standard input ends without one. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const end = once(terminal, "close").then(() => {
      throw new Failure("\nThere was no answer, so nothing was changed.");
    });
    return (await Promise.race([terminal.question(question), end])).trim();
  } finally {
    terminal.close();
  }
}

/** Asks a question whose answer must be `yes`. Rejects on any other. */
export async function confirm(question: string): Promise<void> {
  if ((await ask(`${question} Type yes to go on: `)) !== "yes") throw new Failure("Nothing was changed.");
}
