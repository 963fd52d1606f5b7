// One's own messages that the log does not show yet: pending, sent but behind a gap, or failed. Sends nothing itself.

import type { ParlorError } from "./errors.ts";
import type { Position } from "./protocol.ts";
import type { RoomMessage } from "./types.ts";

export class Outbox {
  #messages: RoomMessage[] = [];

  /** In the order in which they were written. */
  get messages(): readonly RoomMessage[] {
    return this.#messages;
  }

  find(id: string): RoomMessage | undefined {
    return this.#messages.find((message) => message.id === id);
  }

  add(message: RoomMessage): void {
    this.#messages = [...this.#messages, message];
  }

  /** Notes where the server stored a message. It stays here until the log shows it. */
  sent(id: string, { epoch, seq }: Position, at: number): RoomMessage | undefined {
    return this.#replace(id, { status: "sent", epoch, seq, at });
  }

  failed(id: string, error: ParlorError): void {
    this.#replace(id, { status: "failed", error });
  }

  remove(id: string): void {
    this.#messages = this.#messages.filter((message) => message.id !== id);
  }

  /** Removes sent messages up to this number: the log goes on after it without them. */
  removeSent(upTo: number): void {
    this.#messages = this.#messages.filter(({ status, seq = 0 }) => status !== "sent" || seq > upTo);
  }

  #replace(id: string, change: Partial<RoomMessage>): RoomMessage | undefined {
    const known = this.find(id);
    if (!known) return undefined;
    const message = { ...known, ...change };
    this.#messages = this.#messages.map((other) => (other === known ? message : other));
    return message;
  }
}
