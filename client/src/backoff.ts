// Full-jitter backoff: spreads the retries of many clients evenly, so that they do not return in waves.

import type { Timing } from "./timing.ts";

/** The delay in milliseconds before a retry; `attempt` counts the failures before it, from 0. */
export function backoff(attempt: number, { backoffMs, backoffCapMs }: Timing, random = Math.random): number {
  return random() * Math.min(backoffCapMs, backoffMs * 2 ** attempt);
}
