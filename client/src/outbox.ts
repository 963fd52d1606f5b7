// One's own messages on their way: pending ones in the order they were said, one under way at a time, and failed ones.
// It sends nothing itself.

import { ParlorError } from "./errors.ts";
import type { Person, Position } from "./protocol.ts";
import type { Delivery, RoomMessage } from "./types.ts";

/** The server remembers an id for 24 hours; repeated later, it would be another message. */
const RETRY_LIFE_MS = 23 * 60 * 60 * 1000;

/** Whether what was first tried at this time can be repeated. The clock may have been set back since. */
export function mayRepeat(triedAt: number, now: number): boolean {
  return Math.abs(now - triedAt) < RETRY_LIFE_MS;
}

interface Entry {
  message: RoomMessage;
  /** When it was first sent, in milliseconds since 1970. */
  triedAt?: number;
}

export class Outbox {
  readonly #delivery: (delivery: Delivery) => void;
  #entries: Entry[] = [];
  #underWay: string | undefined;

  constructor(delivery: (delivery: Delivery) => void) {
    this.#delivery = delivery;
  }

  /** In the order they were said. */
  get messages(): RoomMessage[] {
    return this.#entries.map((entry) => entry.message);
  }

  /** An id that is here already adds nothing. */
  add(id: string, from: Person, text: string, at: number, triedAt?: number): void {
    if (this.#find(id)) return;
    const message: RoomMessage = { id, from, text, at, own: true, status: "pending", reactions: [] };
    this.#entries.push({ message, ...(triedAt !== undefined && { triedAt }) });
  }

  /** The message to send now, if none is under way; it then is. */
  next(now: number): RoomMessage | undefined {
    if (this.#underWay) return undefined;
    for (const entry of this.#entries) {
      if (entry.message.status !== "pending") continue;
      if (mayRepeat(entry.triedAt ?? now, now)) {
        this.#underWay = entry.message.id;
        const { message } = entry;
        if (entry.triedAt === undefined) {
          entry.triedAt = now;
          this.#delivery({ id: message.id, status: "trying" });
        }
        return message;
      }
      this.#fail(entry, uncertain());
    }
    return undefined;
  }

  isUnderWay(id: string): boolean {
    return this.#underWay === id;
  }

  /** What was under way may be sent again, with the same id. */
  release(): void {
    this.#underWay = undefined;
  }

  /** It was sent; it stays here until the log shows it. */
  sent(id: string, { epoch, seq }: Position, at: number): RoomMessage | undefined {
    this.#land(id);
    const entry = this.#find(id);
    if (!entry) return undefined;
    const message = { ...entry.message, status: "sent" as const, epoch, seq, at };
    entry.message = message;
    this.#delivery({ id, status: "sent" });
    return message;
  }

  /** The log shows it. */
  landed(id: string): void {
    const entry = this.#find(id);
    this.#remove(id);
    if (entry && entry.message.status !== "sent") this.#delivery({ id, status: "sent" });
  }

  /** The log goes on after this number without showing what was sent before. */
  removeSent(upTo: number): void {
    this.#entries = this.#entries.filter(({ message: { status, seq = 0 } }) => status !== "sent" || seq > upTo);
  }

  fail(id: string, error: ParlorError): void {
    this.#land(id);
    const entry = this.#find(id);
    if (entry) this.#fail(entry, error);
  }

  failAll(error: ParlorError): void {
    for (const entry of this.#entries) if (entry.message.status === "pending") this.#fail(entry, error);
    this.release();
  }

  /** Another identity cannot repeat what was tried: to the server it would be another message. */
  identityChanged(): void {
    for (const entry of this.#entries) {
      if (entry.message.status === "pending" && entry.triedAt !== undefined) this.#fail(entry, uncertain());
    }
  }

  /** A failed message becomes a new one, said now. */
  retry(id: string, newId: string, from: Person, at: number): void {
    const entry = this.#find(id);
    if (entry?.message.status !== "failed") return;
    this.#remove(id);
    this.add(newId, from, entry.message.text, at);
  }

  /** Drops a message that failed or was not tried yet. */
  discard(id: string): void {
    const entry = this.#find(id);
    if (entry && (entry.message.status === "failed" || entry.triedAt === undefined)) this.#remove(id);
  }

  #find(id: string): Entry | undefined {
    return this.#entries.find((entry) => entry.message.id === id);
  }

  #fail(entry: Entry, error: ParlorError): void {
    entry.message = { ...entry.message, status: "failed", error };
    this.#delivery({ id: entry.message.id, status: "failed", error });
  }

  #remove(id: string): void {
    this.#land(id);
    this.#entries = this.#entries.filter((entry) => entry.message.id !== id);
  }

  #land(id: string): void {
    if (this.#underWay === id) this.#underWay = undefined;
  }
}

function uncertain(): ParlorError {
  const message = "The connection was lost before it was certain that this was sent. Send it again if nobody saw it.";
  return new ParlorError("disconnected", message, false);
}
