// Waits before something is tried again: longer after each failure, and never less than the server asked for.

import type { ParlorError } from "./errors.ts";
import type { Timing } from "./timing.ts";

export class Retry {
  readonly #timing: Timing;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  get waiting(): boolean {
    return this.#timer !== undefined;
  }

  /** Calls `again` once, after the backoff delay and the server's `retryAfterMs`. Returns the wait in milliseconds. */
  schedule(again: () => void, retryAfterMs = 0): number {
    this.cancel();
    const delay = retryAfterMs + backoff(this.#failures++, this.#timing);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      again();
    }, delay);
    return delay;
  }

  /** Cancels the scheduled attempt. The next delay still counts the failures so far. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Makes the next delay a first one again. Call it after a success. */
  reset(): void {
    this.#failures = 0;
  }
}

/**
 * Returns the delay in milliseconds before a retry; `failures` counts from 0. Full jitter: clients that fail together
 * retry spread out evenly instead of in waves.
 */
export function backoff(failures: number, { backoffMs, backoffCapMs }: Timing, random = Math.random): number {
  return random() * Math.min(backoffCapMs, backoffMs * 2 ** failures);
}

/** Whether the refusal concerns the room rather than the request: not joined, closed or not found. */
export function isAboutRoom(error: ParlorError): boolean {
  return error.code === "notJoined" || isOver(error);
}

/** Whether the room no longer exists. */
export function isOver({ code }: ParlorError): boolean {
  return code === "roomClosed" || code === "roomNotFound";
}
