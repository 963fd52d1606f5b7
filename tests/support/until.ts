// Waits for conditions. The limits are no expectations: they only end tests that cannot pass.

/** For `until`. */
export const WAIT_LIMIT_MS = 15_000;
/** For `eventually`. */
export const LONG_WAIT_LIMIT_MS = 120_000;

/** Resolves when the condition holds. `what` states the condition, for the error. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs: number = WAIT_LIMIT_MS,
): Promise<void> {
  const limit = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`Gave up after ${limitMs / 1000} s waiting until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Like `until`, for conditions that take long on a busy machine: a number becomes void, a process ends. */
export const eventually = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
  until(what, holds, LONG_WAIT_LIMIT_MS);
