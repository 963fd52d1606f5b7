// This person's read markers on their way to the server. Of several for a conversation, only the newest is sent.

import type { Connection } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import type { ReadMarker } from "./protocol.ts";
import { Retry } from "./retry.ts";
import type { Timing } from "./timing.ts";

export interface Marker {
  /** The number up to which everything is read or, with `unread`, the first unread one. */
  readonly seq: number;
  readonly unread: boolean;
  readonly private: boolean;
}

export class ReadMarkers {
  readonly #connection: Connection;
  readonly #answered: (marker: ReadMarker) => void;
  readonly #timing: Timing;
  readonly #retry: Retry;
  readonly #pending = new Map<string, Marker>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #inFlight = false;
  #running = false;

  /** `answered` is called once the server has a conversation's marker, and no newer one waits. */
  constructor(connection: Connection, answered: (marker: ReadMarker) => void, timing: Timing) {
    this.#connection = connection;
    this.#answered = answered;
    this.#timing = timing;
    this.#retry = new Retry(timing);
  }

  /** Returns the marker that the server may not know yet. */
  pending(room: string): Marker | undefined {
    return this.#pending.get(room);
  }

  set(room: string, marker: Marker): void {
    const before = this.#pending.get(room);
    const isBehind = before && !before.unread && !marker.unread && before.seq > marker.seq;
    this.#pending.set(room, isBehind ? { ...marker, seq: before.seq } : marker);
    this.#sendNext();
  }

  /** Forgets a conversation that this person is no longer a member of. */
  drop(room: string): void {
    this.#pending.delete(room);
  }

  /** To be called once the connection is open. */
  start(): void {
    this.#running = true;
    this.#sendNext();
  }

  /** Sends nothing until the next `start`, which repeats what has no answer. */
  stop(): void {
    this.#running = false;
    this.#retry.cancel();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#inFlight = false;
  }

  #sendNext(): void {
    if (!this.#running || this.#inFlight || this.#timer || this.#retry.waiting) return;
    const [next] = this.#pending;
    if (!next) return;
    const [room, marker] = next;
    this.#inFlight = true;
    const flags = { ...(marker.unread && { unread: true }), ...(marker.private && { private: true }) };
    this.#connection.request({ action: "read", room, seq: marker.seq, ...flags }, (answer) => {
      if (answer instanceof ParlorError && answer.code === "disconnected") return;
      this.#inFlight = false;
      if (answer instanceof ParlorError && answer.retryable) {
        this.#retry.schedule(() => this.#sendNext(), answer.retryAfterMs);
        return;
      }
      this.#retry.reset();
      if (this.#pending.get(room) === marker) {
        this.#pending.delete(room);
        if (!(answer instanceof ParlorError)) this.#answered(answer);
      }
      this.#pause();
    });
  }

  /** Reading while messages come in must not use up the rate of the messages that this person sends. */
  #pause(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sendNext();
    }, this.#timing.readMs);
  }
}
