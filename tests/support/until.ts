// Waits for conditions. The limit is no expectation: it only ends what cannot pass.

export const LIMIT_MS = 15_000;
/** The same for what `eventually` waits for. */
export const GIVEN_UP_MS = 120_000;

/** Resolves when the condition holds; `what` says it as a sentence, for the error. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs: number = LIMIT_MS,
): Promise<void> {
  const limit = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`Gave up after ${limitMs / 1000} s waiting until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Like `until`, for what takes long on a busy machine: a number that is given up and told to everyone, a process that ends. */
export const eventually = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
  until(what, holds, GIVEN_UP_MS);
