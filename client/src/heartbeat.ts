// Pings: keep the leases of the connection's rooms, and find out whether what one sends still arrives.

import type { Connection } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import type { Pong } from "./protocol.ts";
import { Retry } from "./retry.ts";
import type { Timing } from "./timing.ts";

/** So many in a row mean that what one sends does not arrive, whatever one hears. So many are shorter than the lease. */
const MOST_UNANSWERED = 2;

export class Heartbeat {
  readonly #connection: Connection;
  readonly #pinged: () => (pong: Pong) => void;
  readonly #everyMs: number;
  readonly #checkMs: number;
  readonly #retry: Retry;
  #interval: ReturnType<typeof setInterval> | undefined;
  #check: ReturnType<typeof setInterval> | undefined;
  #unanswered = 0;

  /** `pinged` is called with each ping, and what it returns with the answer. */
  constructor(connection: Connection, pinged: () => (pong: Pong) => void, everyMs: number, timing: Timing) {
    this.#connection = connection;
    this.#pinged = pinged;
    this.#everyMs = everyMs;
    this.#checkMs = timing.checkMs;
    this.#retry = new Retry(timing);
  }

  start(): void {
    this.#unanswered = 0;
    this.#interval = setInterval(() => this.#ping(), this.#everyMs);
  }

  stop(): void {
    clearInterval(this.#interval);
    this.#checked();
    this.#retry.stop();
  }

  /** Replaces the connection if nothing at all is heard for a while, unless the pong has come. */
  check(): void {
    if (this.#check !== undefined) return;
    let { heard } = this.#connection;
    this.#check = setInterval(() => {
      // What was heard may have waited since before a sleep: only the pong proves that the connection works.
      if (this.#connection.heard === heard) this.#connection.replace();
      heard = this.#connection.heard;
    }, this.#checkMs);
    this.#ping();
  }

  #checked(): void {
    clearInterval(this.#check);
    this.#check = undefined;
  }

  #ping(): void {
    this.#retry.stop();
    const answered = this.#pinged();
    const { heard } = this.#connection;
    this.#connection.request({ action: "ping" }, (answer) => {
      if (answer instanceof ParlorError) {
        this.#failed(answer, heard);
      } else {
        this.#unanswered = 0;
        this.#retry.succeeded();
        this.#checked();
        answered(answer);
      }
    });
  }

  #failed(error: ParlorError, heard: number): void {
    if (error.code === "disconnected") return;
    this.#checked();
    if (error.code !== "timeout") {
      if (error.retryable) this.#retry.after(error, () => this.#ping());
      return;
    }
    // Where others are still heard, the server may just be slow, and a wave of reconnects would make it slower.
    const isSilent = this.#connection.heard === heard;
    if (isSilent || ++this.#unanswered === MOST_UNANSWERED) this.#connection.reconnect();
  }
}
