// Sends requests that must take effect exactly once. Each keeps its id, the idempotency key, over reconnects until the
// server acknowledges or refuses it. Requests of one queue are sent in order, one at a time.

import type { Connection } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import { unreadable } from "./frame-check.ts";
import type { Ack, ClientFrame } from "./protocol.ts";
import { isAboutRoom, Retry } from "./retry.ts";
import type { Timing } from "./timing.ts";

/** A frame whose `id` makes it take effect once, however often it is sent. */
export type IdempotentFrame = Extract<ClientFrame, { action: "send" | "edit" | "delete" | "react" }>;

export interface QueuedRequest {
  readonly frame: IdempotentFrame;
  /** When it was first sent, in milliseconds since 1970, if it was. */
  readonly triedAt?: number | undefined;
  /** It is sent for the first time, and may take effect from now on. */
  tried?(): void;
  /** The log has it. Called once, and neither `tried` nor `failed` afterwards. May follow `failed` after `failAll`. */
  acknowledged(ack: Ack): void;
  /** The server refuses it, or it is given up because it is unknown whether it took effect. Called once. */
  failed(error: ParlorError): void;
}

interface Entry {
  readonly request: QueuedRequest;
  triedAt: number | undefined;
  /** It was in flight at `failAll`: its acknowledgement may still come. */
  awaitsAck?: boolean;
}

export class RequestQueue {
  readonly #connection: Connection;
  readonly #blocked: (error: ParlorError) => void;
  readonly #repeatMs: number;
  readonly #retry: Retry;
  /** By the id of the frame, in the order in which they are sent. */
  readonly #entries = new Map<string, Entry>();
  #inFlight: Entry | undefined;
  #running = false;

  /** `blocked` is called with refusals that concern the room; the request stays until the next `start`. */
  constructor(connection: Connection, blocked: (error: ParlorError) => void, timing: Timing) {
    this.#connection = connection;
    this.#blocked = blocked;
    this.#repeatMs = timing.repeatMs;
    this.#retry = new Retry(timing);
  }

  /** Appends a request. Fails it at once with `invalidField` if the server could not read its frame. */
  add(request: QueuedRequest): void {
    const error = unreadable(request.frame);
    if (error) {
      request.failed(error);
      return;
    }
    this.#entries.set(request.frame.id, { request, triedAt: request.triedAt });
    if (this.#running) this.#sendNext();
  }

  /** Sends the next request unless one is in flight. To be called only while the room is joined. */
  start(): void {
    this.#running = true;
    this.#sendNext();
  }

  /** Sends nothing until the next `start`, which repeats the request in flight. */
  stop(): void {
    this.#running = false;
    this.#retry.cancel();
    this.#inFlight = undefined;
  }

  /** Whether the request was sent and has no answer yet: it may have taken effect. */
  mayHaveTakenEffect(id: string): boolean {
    return this.#entries.get(id)?.triedAt !== undefined;
  }

  /** Drops a request without calling its callbacks. The next `start` goes on with the one after it. */
  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) this.#take(entry);
  }

  /** Gives up what was sent under the former identity: sent again, it would be another person's request. */
  identityChanged(): void {
    for (const entry of [...this.#entries.values()]) if (entry.triedAt !== undefined) this.#fail(entry, uncertain());
  }

  /** Stops, and fails every request. */
  failAll(error: ParlorError): void {
    if (this.#inFlight) this.#inFlight.awaitsAck = true;
    this.stop();
    for (const entry of [...this.#entries.values()]) this.#fail(entry, error);
  }

  #sendNext(): void {
    if (!this.#running || this.#inFlight || this.#retry.waiting) return;
    const [entry] = this.#entries.values();
    if (!entry) return;
    if (this.#mayRepeat(entry)) {
      this.#send(entry);
    } else {
      this.#fail(entry, uncertain());
      this.#sendNext();
    }
  }

  #send(entry: Entry): void {
    const { frame } = entry.request;
    this.#inFlight = entry;
    const isFirst = entry.triedAt === undefined;
    entry.triedAt ??= Date.now();
    if (isFirst) entry.request.tried?.();
    // `tried` may have stopped the queue.
    if (this.#inFlight !== entry) return;
    this.#connection.request(frame, (answer) => {
      if (answer instanceof ParlorError) this.#refused(entry, answer);
      else this.#acknowledged(entry, answer);
    });
  }

  /** The server forgets an id after a while: the request would then take effect again. `abs`, because the clock may have been set back. */
  #mayRepeat({ triedAt }: Entry): boolean {
    return triedAt === undefined || Math.abs(Date.now() - triedAt) < this.#repeatMs;
  }

  #acknowledged(entry: Entry, ack: Ack): void {
    this.#retry.reset();
    if (this.#take(entry) || entry.awaitsAck) {
      entry.awaitsAck = false;
      entry.request.acknowledged(ack);
    }
    this.#sendNext();
  }

  #refused(entry: Entry, error: ParlorError): void {
    // Without a connection, the next `start` repeats it. Or the answer is stale: already confirmed, or being resent.
    if (error.code === "disconnected" || this.#inFlight !== entry) return;
    if (isAboutRoom(error)) {
      this.#blocked(error);
    } else if (error.retryable) {
      this.#inFlight = undefined;
      this.#retry.schedule(() => this.#sendNext(), error.retryAfterMs);
    } else {
      this.#retry.reset();
      this.#fail(entry, error);
      this.#sendNext();
    }
  }

  #fail(entry: Entry, error: ParlorError): void {
    if (this.#take(entry)) entry.request.failed(error);
  }

  /** Returns whether the entry was still in the queue. */
  #take(entry: Entry): boolean {
    if (this.#inFlight === entry) this.#inFlight = undefined;
    const { id } = entry.request.frame;
    return this.#entries.get(id) === entry && this.#entries.delete(id);
  }
}

function uncertain(): ParlorError {
  const message = "Parlor could not confirm this. Try again if it did not happen.";
  return new ParlorError("disconnected", message, false);
}
