// Waits for what may take as long as the server needs to give a number up. The limit only ends what cannot pass.

const LIMIT_MS = 120_000;

/** Resolves when the condition holds; `what` says it as a sentence, for the error. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const limit = Date.now() + LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`Waited ${LIMIT_MS / 1000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
