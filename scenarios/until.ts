// Waits for conditions. The limit is no expectation: it only ends a scenario that cannot pass.

export const LIMIT_MS = 15_000;

/** Resolves when the condition holds; `what` says it as a sentence, for the error. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const limit = Date.now() + LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`Waited ${LIMIT_MS / 1000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
