// Brings edits, deletions and reactions to the server, one after another, each with one id until it is acknowledged or
// refused.

import type { Connection } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import { mayRepeat } from "./outbox.ts";
import type { ClientFrame } from "./protocol.ts";
import { isAboutRoom, Retry } from "./retry.ts";
import { reasonNotToSend } from "./sendable.ts";
import type { Timing } from "./timing.ts";

export type ChangeFrame = Extract<ClientFrame, { action: "edit" | "delete" | "react" }>;

export interface ChangerEvents {
  /** The number that the server answered with, and the log that it is of. */
  changed(seq: number, epoch: string): void;
  /** The room itself is in the way: not joined, closed, not found. */
  blocked(error: ParlorError): void;
}

interface Order {
  readonly frame: ChangeFrame;
  resolve(): void;
  reject(error: ParlorError): void;
  /** When it was first sent, in milliseconds since 1970. */
  triedAt?: number;
}

export class Changer {
  readonly #connection: Connection;
  readonly #events: ChangerEvents;
  readonly #retry: Retry;
  #orders: Order[] = [];
  #underWay: Order | undefined;

  constructor(connection: Connection, events: ChangerEvents, timing: Timing) {
    this.#connection = connection;
    this.#events = events;
    this.#retry = new Retry(timing);
  }

  /** Resolves when it is acknowledged. The caller then calls `start` while joined. */
  add(frame: ChangeFrame): Promise<void> {
    const text = frame.action === "edit" ? frame.text : frame.action === "react" ? frame.emoji : "";
    const unsendable = reasonNotToSend(text, frame);
    if (unsendable) return Promise.reject(new ParlorError("invalidField", unsendable, false));
    return new Promise((resolve, reject) => this.#orders.push({ frame, resolve, reject }));
  }

  /** Sends the next one, if none is under way. Only while joined. */
  start(): void {
    const order = this.#orders[0];
    if (!order || this.#underWay) return;
    const now = Date.now();
    order.triedAt ??= now;
    this.#underWay = order;
    if (!mayRepeat(order.triedAt, now)) {
      this.#done(order).reject(uncertain());
      return;
    }
    this.#connection.request(order.frame, (answer) => {
      if (this.#underWay !== order) return;
      if (answer instanceof ParlorError) return this.#refused(order, answer);
      this.#events.changed(answer.seq, answer.epoch);
      this.#done(order).resolve();
    });
  }

  /** What is under way will be sent again by the next `start`. */
  stop(): void {
    this.#retry.stop();
    this.#underWay = undefined;
  }

  /** Another identity cannot repeat what was tried: to the server it would be somebody else's. */
  identityChanged(): void {
    const tried = this.#orders.filter(({ triedAt }) => triedAt !== undefined);
    this.#orders = this.#orders.filter(({ triedAt }) => triedAt === undefined);
    for (const order of tried) order.reject(uncertain());
  }

  rejectAll(error: ParlorError): void {
    this.stop();
    for (const order of this.#orders.splice(0)) order.reject(error);
  }

  #refused(order: Order, error: ParlorError): void {
    if (error.code === "disconnected") return;
    if (isAboutRoom(error)) this.#events.blocked(error);
    else if (error.retryable) this.#retry.after(error, () => this.#again());
    else this.#done(order).reject(error);
  }

  #again(): void {
    this.stop();
    this.start();
  }

  /** Goes on with the next one. */
  #done(order: Order): Order {
    this.#orders = this.#orders.filter((other) => other !== order);
    this.#underWay = undefined;
    this.#retry.succeeded();
    this.start();
    return order;
  }
}

function uncertain(): ParlorError {
  const message = "The connection was lost before it was certain that this was done. Try again if it was not.";
  return new ParlorError("disconnected", message, false);
}
