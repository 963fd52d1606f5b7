// Own messages that the log does not show yet: pending, sent but behind a gap, or failed.

import type { Connection } from "./connection.ts";
import type { ParlorError } from "./errors.ts";
import { mentionFields } from "./mentions.ts";
import type { Ack, Message } from "./protocol.ts";
import { RequestQueue } from "./request-queue.ts";
import type { Timing } from "./timing.ts";
import type { Delivery, RoomMessage } from "./types.ts";

export interface OutboxEvents {
  changed(): void;
  delivery(delivery: Delivery): void;
  /** The server stored the message. The outbox shows it until `remove`. */
  stored(message: Message): void;
  blocked(error: ParlorError): void;
}

export class Outbox {
  readonly #room: string;
  readonly #events: OutboxEvents;
  readonly #queue: RequestQueue;
  #messages: RoomMessage[] = [];
  /** While several messages fail at once: `changed` is then left to the caller, whose own state is changing too. */
  #failingSeveral = false;

  constructor(room: string, connection: Connection, events: OutboxEvents, timing: Timing) {
    this.#room = room;
    this.#events = events;
    this.#queue = new RequestQueue(connection, events.blocked, timing);
  }

  /** In the order in which they were written. */
  get messages(): readonly RoomMessage[] {
    return this.#messages;
  }

  find(id: string): RoomMessage | undefined {
    return this.#messages.find((message) => message.id === id);
  }

  /** Adds a pending message and sends it. `triedAt` is when it was first sent, if it was. */
  add(message: RoomMessage, triedAt: number | undefined): void {
    const { id, text, replyTo } = message;
    this.#messages = [...this.#messages, message];
    const reply = replyTo && { replyTo: replyTo.seq, epoch: replyTo.epoch };
    this.#queue.add({
      frame: { action: "send", room: this.#room, id, text, ...reply, ...mentionFields(message) },
      triedAt,
      tried: () => this.#events.delivery({ id, status: "trying" }),
      acknowledged: (ack) => this.#acknowledged(ack),
      failed: (error) => this.#failed(id, error),
    });
    this.#events.changed();
  }

  /** Drops a message unless it is sent, or may be. */
  discard(id: string): void {
    if (this.find(id)?.status === "sent" || this.#queue.mayHaveTakenEffect(id)) return;
    this.remove(id);
    this.#events.changed();
  }

  /** The log shows the message: it is sent, whether or not its `ack` has come. */
  confirm(id: string): void {
    const message = this.find(id);
    if (!message) return;
    this.remove(id);
    if (message.status !== "sent") this.#events.delivery({ id, status: "sent" });
  }

  remove(id: string): void {
    this.#queue.remove(id);
    this.#messages = this.#messages.filter((message) => message.id !== id);
  }

  /** Removes sent messages up to this number: the log goes on after it without them. */
  removeSent(upTo: number): void {
    this.#messages = this.#messages.filter(({ status, seq = 0 }) => status !== "sent" || seq > upTo);
  }

  start(): void {
    this.#queue.start();
  }

  stop(): void {
    this.#queue.stop();
  }

  /** Fails what was sent under the former identity. Call `changed` afterwards. */
  identityChanged(): void {
    this.#failSeveral(() => this.#queue.identityChanged());
  }

  /** Fails every pending message. Call `changed` afterwards. */
  failAll(error: ParlorError): void {
    this.#failSeveral(() => this.#queue.failAll(error));
  }

  #failSeveral(fail: () => void): void {
    this.#failingSeveral = true;
    fail();
    this.#failingSeveral = false;
  }

  #acknowledged({ id, epoch, seq, at }: Ack): void {
    const message = this.#replace(id, { status: "sent", epoch, seq, at });
    if (!message) return;
    this.#events.delivery({ id, status: "sent" });
    const { from, text, replyTo } = message;
    const reply = replyTo && { replyTo: replyTo.seq };
    this.#events.stored({ room: this.#room, epoch, seq, id, from, text, at, ...reply, ...mentionFields(message) });
  }

  #failed(id: string, error: ParlorError): void {
    this.#replace(id, { status: "failed", error });
    this.#events.delivery({ id, status: "failed", error });
    if (!this.#failingSeveral) this.#events.changed();
  }

  #replace(id: string, change: Partial<RoomMessage>): RoomMessage | undefined {
    const known = this.find(id);
    if (!known) return undefined;
    const message = { ...known, ...change };
    this.#messages = this.#messages.map((other) => (other === known ? message : other));
    return message;
  }
}
