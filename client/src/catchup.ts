// Fetches missed events. Gives a gap a moment to close by itself, then requests the history after it.

import type { Connection } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import { type HistoryPage, limits } from "./protocol.ts";
import { Retry } from "./retry.ts";
import type { Timing } from "./timing.ts";

export interface CatchupEvents {
  /** Returns the last number before the first gap, or undefined if nothing is missing. */
  missingAfter(): number | undefined;
  found(page: HistoryPage): void;
  /** The server refuses for good: not joined, closed or not found. */
  blocked(error: ParlorError): void;
}

export class Catchup {
  readonly #room: string;
  readonly #connection: Connection;
  readonly #events: CatchupEvents;
  readonly #timing: Timing;
  readonly #retry: Retry;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #inFlight = false;
  #delay: number;

  constructor(room: string, connection: Connection, events: CatchupEvents, timing: Timing) {
    this.#room = room;
    this.#connection = connection;
    this.#events = events;
    this.#timing = timing;
    this.#retry = new Retry(timing);
    this.#delay = timing.gapMs;
  }

  /** To be called after each change of the log, while the room is joined. */
  check(): void {
    if (this.#events.missingAfter() === undefined) this.stop();
    else if (!this.#timer && !this.#retry.waiting && !this.#inFlight) this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#retry.cancel();
    this.#delay = this.#timing.gapMs;
  }

  /** Waits for a random time: everyone in the room sees the same gap, and must not send requests at the same moment. */
  #wait(): void {
    this.#timer = setTimeout(() => this.#fetch(), this.#delay * (1 + Math.random()));
    this.#delay = Math.min(this.#delay * 2, this.#timing.gapCapMs);
  }

  #fetch(): void {
    this.#timer = undefined;
    const after = this.#events.missingAfter();
    if (after === undefined) return;
    this.#inFlight = true;
    const frame = { action: "history", room: this.#room, after, limit: limits.pageEvents } as const;
    this.#connection.request(frame, (answer) => {
      this.#inFlight = false;
      if (answer instanceof ParlorError) this.#refused(answer);
      else this.#received(answer, after);
    });
  }

  #received(page: HistoryPage, after: number): void {
    this.#retry.reset();
    this.#events.found(page);
    // The page helped, but its limit may have cut it: the rest is there already.
    if (page.to > after && this.#events.missingAfter() !== undefined) this.#fetch();
    else this.check();
  }

  #refused(error: ParlorError): void {
    if (!error.retryable) this.#events.blocked(error);
    else if (error.code !== "disconnected") this.#retry.schedule(() => this.#fetch(), error.retryAfterMs);
  }
}
