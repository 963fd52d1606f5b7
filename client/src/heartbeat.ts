// Pings. They renew the connection's lease in its rooms, and show whether frames still get through.

import type { Connection } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import type { Pong } from "./protocol.ts";
import { Retry } from "./retry.ts";
import type { Timing } from "./timing.ts";

/**
 * After this many unanswered pings in a row, the connection is replaced even if frames still come in: what it sends does
 * not arrive. Two take less time than the lease lasts.
 */
const MAX_UNANSWERED = 2;

export class Heartbeat {
  readonly #connection: Connection;
  readonly #pinged: () => (pong: Pong) => void;
  readonly #intervalMs: number;
  readonly #checkMs: number;
  readonly #retry: Retry;
  #interval: ReturnType<typeof setInterval> | undefined;
  #check: ReturnType<typeof setInterval> | undefined;
  #unanswered = 0;

  /** `pinged` is called with each ping; the function that it returns is called with the pong. */
  constructor(connection: Connection, pinged: () => (pong: Pong) => void, intervalMs: number, timing: Timing) {
    this.#connection = connection;
    this.#pinged = pinged;
    this.#intervalMs = intervalMs;
    this.#checkMs = timing.checkMs;
    this.#retry = new Retry(timing);
  }

  start(): void {
    this.#unanswered = 0;
    this.#interval = setInterval(() => this.#ping(), this.#intervalMs);
  }

  stop(): void {
    clearInterval(this.#interval);
    this.#endCheck();
    this.#retry.cancel();
  }

  /** Pings now, and replaces the connection if it stays silent before the pong comes. */
  check(): void {
    if (this.#check !== undefined) return;
    let { framesReceived } = this.#connection;
    this.#check = setInterval(() => {
      // Other frames may have waited since before the computer slept: only the pong ends the check.
      if (this.#connection.framesReceived === framesReceived) this.#connection.replace();
      framesReceived = this.#connection.framesReceived;
    }, this.#checkMs);
    this.#ping();
  }

  #endCheck(): void {
    clearInterval(this.#check);
    this.#check = undefined;
  }

  #ping(): void {
    this.#retry.cancel();
    const answered = this.#pinged();
    const { framesReceived } = this.#connection;
    this.#connection.request({ action: "ping" }, (answer) => {
      if (answer instanceof ParlorError) {
        this.#failed(answer, framesReceived);
      } else {
        this.#unanswered = 0;
        this.#retry.reset();
        this.#endCheck();
        answered(answer);
      }
    });
  }

  #failed(error: ParlorError, framesReceived: number): void {
    if (error.code === "disconnected") return;
    this.#endCheck();
    if (error.code !== "timeout") {
      if (error.retryable) this.#retry.schedule(() => this.#ping(), error.retryAfterMs);
      return;
    }
    // While other frames come in, the server may only be slow, and a wave of reconnects would make it slower.
    const isSilent = this.#connection.framesReceived === framesReceived;
    if (isSilent || ++this.#unanswered === MAX_UNANSWERED) this.#connection.reconnect();
  }
}
