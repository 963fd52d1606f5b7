// What a room shows: its log, filled up where numbers are missing, and own messages on their way.

import { Catchup } from "./catchup.ts";
import type { Connection } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import { newId } from "./ids.ts";
import { RoomLog } from "./log.ts";
import { Outbox } from "./outbox.ts";
import {
  type HistoryPage,
  type Joined,
  type LogEvent,
  limits,
  type Message,
  type Notice,
  type Person,
  type Position,
  type Voids,
} from "./protocol.ts";
import { type IdempotentFrame, RequestQueue } from "./request-queue.ts";
import { Retry } from "./retry.ts";
import { pendingMessage, sentMessage } from "./room-message.ts";
import type { Timing } from "./timing.ts";
import type { Delivery, RoomMessage, SendOptions } from "./types.ts";

export type ChangeFrame = Exclude<IdempotentFrame, { action: "send" }>;

export interface TimelineEvents {
  changed(): void;
  /** An event that came after the room was joined. In order, each once. */
  arrived(event: LogEvent): void;
  delivery(delivery: Delivery): void;
  /** The server refuses a request because of the room: not joined, closed or not found. */
  blocked(error: ParlorError): void;
}

export class Timeline {
  /** By number; own pending and failed messages come last. A new array after each change. */
  messages: readonly RoomMessage[] = [];

  readonly #room: string;
  readonly #connection: Connection;
  readonly #events: TimelineEvents;
  readonly #timing: Timing;
  readonly #catchup: Catchup;
  readonly #outbox: Outbox;
  /** Changes do not wait for messages. */
  readonly #changes: RequestQueue;
  /** Every identity that this client has had in the room. Without a token, each connection is a new one. */
  readonly #ownIds = new Set<string>();
  readonly #views = new WeakMap<Message, RoomMessage>();
  #log = new RoomLog();
  /** The first number that this person may read. */
  #oldest = 1;
  #epoch: string | undefined;
  #running = false;

  constructor(room: string, connection: Connection, events: TimelineEvents, timing: Timing) {
    this.#room = room;
    this.#connection = connection;
    this.#events = events;
    this.#timing = timing;
    const { blocked, delivery } = events;
    const changed = () => this.#changed();
    const stored = (message: Message) => this.#stored(message);
    this.#outbox = new Outbox(room, connection, { changed, delivery, stored, blocked }, timing);
    this.#changes = new RequestQueue(connection, blocked, timing);
    this.#catchup = new Catchup(
      room,
      connection,
      {
        missingAfter: () => (this.#running && this.#log.isBehind ? this.#log.last : undefined),
        found: (page) => this.#append(page),
        blocked,
      },
      timing,
    );
  }

  get notices(): Notice[] {
    return this.#log.notices;
  }

  get hasOlder(): boolean {
    return this.#log.first > this.#oldest;
  }

  /** The number of the oldest event that is here. */
  get first(): number {
    return this.#log.first;
  }

  /** Whether events are missing. */
  get isBehind(): boolean {
    return this.#log.isBehind;
  }

  /** Up to where the log is complete here. */
  get position(): Position | undefined {
    return this.#epoch === undefined ? undefined : { epoch: this.#epoch, seq: this.#log.last };
  }

  /** Starts with the answer to a join. `recovered`: its page follows what is here. */
  start(frame: Joined, recovered: boolean): void {
    if (this.#ownIds.size > 0 && !this.#ownIds.has(frame.you.userId)) {
      this.#outbox.identityChanged();
      this.#changes.identityChanged();
    }
    this.#ownIds.add(frame.you.userId);
    this.#running = true;
    if (recovered && frame.epoch === this.#epoch) {
      this.#show(this.#log.append(frame));
    } else {
      this.#reset(frame);
    }
    this.#catchup.check();
  }

  /** Sends and requests nothing until the next `start`. */
  pause(): void {
    this.#running = false;
    this.#outbox.stop();
    this.#changes.stop();
    this.#catchup.stop();
  }

  /** Fails everything that is on its way. */
  end(error: ParlorError): void {
    this.pause();
    this.#outbox.failAll(error);
    this.#changes.failAll(error);
    this.#changed();
  }

  receive(event: LogEvent): void {
    if (event.epoch === this.#epoch) {
      this.#show(this.#log.receive(event));
      this.#catchup.check();
    } else {
      this.#startAgain();
    }
  }

  /** Closes gaps at numbers that will never hold an event. */
  voided({ epoch, seqs }: Voids): void {
    if (epoch === this.#epoch) {
      this.#show(this.#log.void(seqs));
      this.#catchup.check();
    } else {
      this.#startAgain();
    }
  }

  /** Notes that numbers up to this one exist in the present epoch, and fetches what is missing. */
  reached(seq: number): void {
    this.#log.reached(seq);
    this.#catchup.check();
  }

  /** Returns the message's id. An id that is here already adds nothing. */
  send(from: Person, text: string, options: SendOptions): string {
    const { id = newId(), triedAt } = options;
    if (this.#log.messages.some((message) => message.id === id && this.#ownIds.has(message.from.userId))) {
      this.#events.delivery({ id, status: "sent" });
    } else if (!this.#outbox.find(id)) {
      this.#outbox.add(pendingMessage(id, from, text, options), triedAt);
    }
    return id;
  }

  /** Sends a failed message again, as a new one. */
  retry(id: string, from: Person): void {
    const message = this.#outbox.find(id);
    if (message?.status !== "failed") return;
    this.#outbox.remove(id);
    const { text, replyTo, mentions, mentionsRoom } = message;
    this.send(from, text, { ...(replyTo && { replyTo }), mentions, mentionsRoom });
  }

  discard(id: string): void {
    this.#outbox.discard(id);
  }

  /** Resolves once the log has the change. */
  change(frame: ChangeFrame): Promise<void> {
    if (frame.epoch !== this.#epoch) return Promise.reject(cleared());
    return new Promise((resolve, reject) => {
      this.#changes.add({
        frame,
        acknowledged: ({ epoch, seq }) => {
          if (epoch === this.#epoch) this.reached(seq);
          resolve();
        },
        failed: reject,
      });
    });
  }

  async loadOlder(): Promise<void> {
    const shown = this.#log.messages.length;
    // A page may hold nothing but voids and changes of older messages.
    while (this.hasOlder && this.#log.messages.length === shown) {
      const before = this.#log.first;
      const page = await this.#history(before);
      if (page.epoch === this.#epoch) this.#log.prepend(page);
      if (this.#log.first === before) break;
    }
    this.#changed();
  }

  /** Asks the server for a message. */
  async read({ epoch, seq }: Position): Promise<RoomMessage | undefined> {
    const page = await this.#history(seq + 1, 1);
    const found = page.events.find((event) => event.type === "message" && event.seq === seq);
    return found?.type === "message" && found.epoch === epoch ? this.view(found) : undefined;
  }

  forgetOlder(before: number): void {
    this.#log.forget(before);
    this.#changed();
  }

  /** Returns the message as the application sees it: the same object while nothing changes. */
  view(message: Message): RoomMessage {
    const latest = this.#log.latest(message);
    const view = this.#views.get(latest) ?? sentMessage(latest, this.#ownIds.has(latest.from.userId));
    this.#views.set(latest, view);
    return view;
  }

  #reset(frame: Joined): void {
    const isOtherEpoch = this.#epoch !== frame.epoch;
    if (isOtherEpoch) {
      this.#log = new RoomLog();
      this.#changes.failAll(cleared());
    }
    this.#epoch = frame.epoch;
    this.#oldest = frame.first ?? 1;
    this.#log.reset(frame);
    for (const event of this.#log.events) this.#confirm(event);
    // A sent message that is not on the page is older than the page, or was in the log that is over.
    this.#outbox.removeSent(isOtherEpoch ? Number.POSITIVE_INFINITY : this.#log.last);
    this.#resume();
  }

  #stored(message: Message): void {
    const { id, epoch, seq } = message;
    this.receive({ type: "message", ...message });
    // Behind a gap the outbox still shows it. Otherwise the log does, or it is older than the log's first number. A
    // message of another epoch is on the page that comes, or was deleted with its log.
    if (epoch !== this.#epoch || seq <= this.#log.last) this.#outbox.remove(id);
    this.#changed();
  }

  #append(page: HistoryPage): void {
    // A person who was removed from a conversation and added again may not read what is missing.
    const isReadable = (page.first ?? 1) <= this.#log.last + 1;
    if (page.epoch === this.#epoch && isReadable) this.#show(this.#log.append(page));
    else this.#startAgain();
  }

  /** Frames of two epochs can overtake each other: only a new join tells which log is current. */
  #startAgain(): void {
    this.#events.blocked(new ParlorError("notJoined", "The room's log was replaced by another: join again.", true));
  }

  #show(events: LogEvent[]): void {
    for (const event of events) this.#confirm(event);
    this.#resume();
    for (const event of events) this.#events.arrived(event);
  }

  #confirm(event: LogEvent): void {
    if (event.type === "message" && this.#ownIds.has(event.from.userId)) this.#outbox.confirm(event.id);
  }

  #resume(): void {
    if (this.#running) {
      this.#outbox.start();
      this.#changes.start();
    }
    this.#changed();
  }

  #changed(): void {
    this.messages = [...this.#log.messages.map((message) => this.view(message)), ...this.#outbox.messages];
    this.#events.changed();
  }

  /** Repeats the request only after `rateLimited`. */
  #history(before: number, limit: number = limits.defaultPageEvents): Promise<HistoryPage> {
    const retry = new Retry(this.#timing);
    const frame = { action: "history", room: this.#room, before, limit } as const;
    return new Promise((resolve, reject) => {
      const ask = () =>
        this.#connection.request(frame, (answer) => {
          if (!(answer instanceof ParlorError)) resolve(answer);
          else if (answer.code !== "rateLimited") reject(answer);
          else retry.schedule(() => (this.#running ? ask() : reject(answer)), answer.retryAfterMs);
        });
      ask();
    });
  }
}

/** Numbers of a cleared log name no messages of the present one. */
function cleared(): ParlorError {
  return new ParlorError("messageNotFound", "The room was cleared.", false);
}
