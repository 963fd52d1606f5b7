// Fetches what is missing: gives a gap a moment to close by itself, then asks for the history after it.

import type { Connection } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import type { HistoryPage } from "./protocol.ts";
import { Retry } from "./retry.ts";
import type { Timing } from "./timing.ts";

const PAGE = 100;

export interface CatchupEvents {
  /** The last number without a gap before it, if later ones exist; else nothing is missing. */
  missingAfter(): number | undefined;
  found(page: HistoryPage): void;
  /** The room itself is in the way: not joined, closed, not found. */
  blocked(error: ParlorError): void;
}

export class Catchup {
  readonly #room: string;
  readonly #connection: Connection;
  readonly #events: CatchupEvents;
  readonly #timing: Timing;
  readonly #retry: Retry;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #delay: number;

  constructor(room: string, connection: Connection, events: CatchupEvents, timing: Timing) {
    this.#room = room;
    this.#connection = connection;
    this.#events = events;
    this.#timing = timing;
    this.#retry = new Retry(timing);
    this.#delay = timing.gapMs;
  }

  /** To be called after each change of the log. Only while joined. */
  check(): void {
    if (this.#events.missingAfter() === undefined) this.stop();
    else if (!this.#timer && !this.#retry.waiting && !this.#asking) this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#retry.stop();
    this.#delay = this.#timing.gapMs;
  }

  /** Everybody in the room notices a gap at the same moment: they must not all ask at the same moment. */
  #wait(): void {
    this.#timer = setTimeout(() => this.#ask(), this.#delay * (1 + Math.random()));
    this.#delay = Math.min(this.#delay * 2, this.#timing.gapCapMs);
  }

  #ask(): void {
    this.#timer = undefined;
    const after = this.#events.missingAfter();
    if (after === undefined) return;
    this.#asking = true;
    this.#connection.request({ action: "history", room: this.#room, after, limit: PAGE }, (answer) => {
      this.#asking = false;
      if (!(answer instanceof ParlorError)) {
        this.#retry.succeeded();
        this.#events.found(answer);
        // A page that helped may have been cut by its limit: the next one is there already.
        if (answer.to > after && this.#events.missingAfter() !== undefined) this.#ask();
        else this.check();
      } else if (answer.retryable) {
        if (answer.code !== "disconnected") this.#retry.after(answer, () => this.#ask());
      } else {
        this.#events.blocked(answer);
      }
    });
  }
}
