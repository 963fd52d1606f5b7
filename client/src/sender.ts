// Brings a room's outbox to the server, one message after another, each until it is acknowledged or refused.

import type { Connection } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import { Outbox } from "./outbox.ts";
import { isAboutRoom, Retry } from "./retry.ts";
import { reasonNotToSend } from "./sendable.ts";
import type { Timing } from "./timing.ts";
import type { Delivery, RoomMessage } from "./types.ts";

export interface SenderEvents {
  delivery(delivery: Delivery): void;
  /** It has this number now. */
  sent(message: RoomMessage, seq: number, epoch: string): void;
  failed(): void;
  /** The room itself is in the way: not joined, closed, not found. */
  blocked(error: ParlorError): void;
}

export class Sender {
  readonly outbox: Outbox;
  readonly #room: string;
  readonly #connection: Connection;
  readonly #events: SenderEvents;
  readonly #retry: Retry;

  constructor(room: string, connection: Connection, events: SenderEvents, timing: Timing) {
    this.#room = room;
    this.#connection = connection;
    this.#events = events;
    this.#retry = new Retry(timing);
    this.outbox = new Outbox(events.delivery);
  }

  /** Sends the next message, if none is under way. Only while joined. */
  start(): void {
    if (this.#retry.waiting) return;
    const message = this.outbox.next(Date.now());
    if (!message) return;
    const { id, text } = message;
    const frame = { action: "send", room: this.#room, id, text } as const;
    const unsendable = reasonNotToSend(text, frame);
    if (unsendable) {
      this.#fail(id, new ParlorError("invalidField", unsendable, false));
      return;
    }
    this.#connection.request(frame, (answer) => {
      if (answer instanceof ParlorError) return this.#refused(id, answer);
      this.#retry.succeeded();
      const sent = this.outbox.sent(id, answer, answer.at);
      if (sent) this.#events.sent(sent, answer.seq, answer.epoch);
      this.start();
    });
  }

  /** What is under way will be sent again by the next `start`. */
  stop(): void {
    this.#retry.stop();
    this.outbox.release();
  }

  #refused(id: string, error: ParlorError): void {
    // The log may have shown it meanwhile, though its acknowledgement is lost.
    if (error.code === "disconnected" || !this.outbox.isUnderWay(id)) return;
    if (isAboutRoom(error)) this.#events.blocked(error);
    else if (error.retryable) this.#retry.after(error, () => this.#again());
    else this.#fail(id, error);
  }

  #again(): void {
    this.stop();
    this.start();
  }

  #fail(id: string, error: ParlorError): void {
    this.outbox.fail(id, error);
    this.#events.failed();
    this.start();
  }
}
