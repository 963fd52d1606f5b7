// Waits for conditions. The limit is no expectation: it only ends what cannot pass.

export const LIMIT_MS = 15_000;
/** For what may take as long as the server needs to give a number up, 5 s, and to tell everyone. */
export const GIVEN_UP_MS = 120_000;

/** Resolves when the condition holds; `what` says it as a sentence, for the error. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs: number = LIMIT_MS,
): Promise<void> {
  const limit = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`Waited ${limitMs / 1000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
