// Waits before something is tried again: longer each time, and never shorter than the server asked for.

import { backoff } from "./backoff.ts";
import type { ParlorError } from "./errors.ts";
import type { Timing } from "./timing.ts";

export class Retry {
  readonly #timing: Timing;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  get waiting(): boolean {
    return this.#timer !== undefined;
  }

  /** Calls `again` when it is time, once. */
  after({ retryAfterMs = 0 }: ParlorError, again: () => void): void {
    this.stop();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        again();
      },
      retryAfterMs + backoff(this.#attempt++, this.#timing),
    );
  }

  /** Nothing will be tried again by itself. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** It has worked: the next wait is a first one. */
  succeeded(): void {
    this.#attempt = 0;
  }
}

/** Whether it is the room itself that is in the way of what was asked. */
export function isAboutRoom(error: ParlorError): boolean {
  return error.code === "notJoined" || isOver(error);
}

/** Whether there is no such room any more. */
export function isOver({ code }: ParlorError): boolean {
  return code === "roomClosed" || code === "roomNotFound";
}
