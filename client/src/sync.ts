// Decides when the server is asked about conversations: each thing once, however often it becomes due, one round after
// another, and again after a failure.

import { ParlorError } from "./errors.ts";
import { Retry } from "./retry.ts";
import type { Timing } from "./timing.ts";

export interface SyncRequests {
  list(): Promise<void>;
  describe(room: string): Promise<void>;
}

export class Sync {
  readonly #requests: SyncRequests;
  readonly #retry: Retry;
  readonly #due = new Set<string>();
  #isListDue = false;
  #isRunning = false;
  #isSyncing = false;

  constructor(requests: SyncRequests, timing: Timing) {
    this.#requests = requests;
    this.#retry = new Retry(timing);
  }

  /** Lists everything. */
  list(): void {
    this.#isListDue = true;
    void this.#sync();
  }

  /** Describes one conversation. */
  describe(room: string): void {
    this.#due.add(room);
    void this.#sync();
  }

  start(): void {
    this.#isRunning = true;
    void this.#sync();
  }

  stop(): void {
    this.#isRunning = false;
    this.#retry.cancel();
  }

  async #sync(): Promise<void> {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    while (this.#isRunning && !this.#retry.waiting && (this.#isListDue || this.#due.size > 0)) await this.#round();
    this.#isSyncing = false;
  }

  async #round(): Promise<void> {
    const isList = this.#isListDue;
    const rooms = isList ? [] : [...this.#due];
    this.#isListDue = false;
    for (const room of rooms) this.#due.delete(room);
    try {
      if (isList) await this.#requests.list();
      else await Promise.all(rooms.map((room) => this.#requests.describe(room)));
      this.#retry.reset();
    } catch (error) {
      if (!(error instanceof ParlorError && error.retryable)) return;
      this.#isListDue ||= isList;
      for (const room of rooms) this.#due.add(room);
      if (this.#isRunning) this.#retry.schedule(() => void this.#sync(), error.retryAfterMs);
    }
  }
}
