// What is said in a room as this client shows it: the log, the gaps in it being filled, and one's own on their way.

import { Catchup } from "./catchup.ts";
import type { Connection } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import { newId } from "./ids.ts";
import { type Page, RoomLog } from "./log.ts";
import type { Joined, Message, MessagesPage, Person, Position } from "./protocol.ts";
import { Sender } from "./sender.ts";
import type { Timing } from "./timing.ts";
import type { RoomMessage } from "./types.ts";

const OLDER_PAGE = 50;

export interface TimelineEvents {
  changed(): void;
  /** A message of anyone that came after the room was joined; in order, each once. */
  arrived(message: RoomMessage): void;
  /** The server refuses because of the room, not because of the message. */
  blocked(error: ParlorError): void;
}

type LogMessage = RoomMessage & { readonly seq: number };

export class Timeline {
  /** In order of their number, one's own pending and failed ones last. A new array after each change. */
  messages: readonly RoomMessage[] = [];

  readonly #room: string;
  readonly #connection: Connection;
  readonly #events: TimelineEvents;
  readonly #sender: Sender;
  readonly #catchup: Catchup;
  /** All identities this client has had here: without a token, each connection is another. */
  readonly #own = new Set<string>();
  #log = new RoomLog<LogMessage>();
  #epoch: string | undefined;
  #running = false;

  constructor(room: string, connection: Connection, events: TimelineEvents, timing: Timing) {
    this.#room = room;
    this.#connection = connection;
    this.#events = events;
    const { blocked } = events;
    const missingAfter = () => (this.#running && this.#log.behind ? this.#log.top : undefined);
    const found = (page: MessagesPage) => this.#extend(page);
    this.#catchup = new Catchup(room, connection, { missingAfter, found, blocked }, timing);
    const sent = (message: LogMessage) => this.#sent(message);
    const failed = () => this.#changed();
    this.#sender = new Sender(room, connection, { sent, failed, blocked }, timing);
  }

  get hasOlder(): boolean {
    return this.#log.low > 1;
  }

  /** The place up to which everything is here. */
  get position(): Position | undefined {
    return this.#epoch === undefined ? undefined : { epoch: this.#epoch, seq: this.#log.top };
  }

  /** Begins with the answer to a join, or goes on with it where it continues what is here. */
  start(frame: Joined, recovered: boolean): void {
    if (this.#own.size > 0 && !this.#own.has(frame.you.userId)) this.#sender.outbox.identityChanged();
    this.#own.add(frame.you.userId);
    this.#running = true;
    if (recovered) {
      this.#show(this.#log.extend(this.#page(frame)));
    } else {
      if (this.#epoch !== frame.epoch) this.#log = new RoomLog();
      this.#epoch = frame.epoch;
      this.#log.restart(this.#page(frame));
      for (const message of this.#log.entries) this.#landed(message);
      this.#push();
    }
    this.#catchup.check();
  }

  /** Until the next `start`, nothing is sent or asked. */
  pause(): void {
    this.#running = false;
    this.#sender.stop();
    this.#catchup.stop();
  }

  /** What is still on its way will not arrive. */
  end(error: string): void {
    this.pause();
    this.#sender.outbox.failAll(error);
    this.#changed();
  }

  receive(message: Message): void {
    this.#receive(this.#logMessage(message));
  }

  /** Learns the newest number given out. */
  heard(newest: number): void {
    this.#log.heard(newest);
    this.#catchup.check();
  }

  send(from: Person, text: string): string {
    const id = newId();
    this.#sender.outbox.add(id, from, text, Date.now());
    this.#push();
    return id;
  }

  retry(id: string, from: Person): void {
    this.#sender.outbox.retry(id, newId(), from, Date.now());
    this.#push();
  }

  discard(id: string): void {
    this.#sender.outbox.discard(id);
    this.#changed();
  }

  async loadOlder(): Promise<void> {
    const shown = this.#log.entries.length;
    // A page may hold nothing but void numbers.
    while (this.hasOlder && this.#log.entries.length === shown) {
      const before = this.#log.low;
      const page = await this.#history(before);
      if (page.epoch === this.#epoch) this.#log.prepend(this.#page(page));
      if (this.#log.low === before) break;
    }
    this.#changed();
  }

  #receive(message: LogMessage): void {
    this.#show(this.#log.receive(message));
    this.#catchup.check();
  }

  #sent(message: LogMessage): void {
    this.#receive(message);
    // Behind a gap the outbox goes on showing it; else the log does, or it is older than what the log shows.
    if (message.seq <= this.#log.top) this.#landed(message);
    this.#changed();
  }

  #extend(page: MessagesPage): void {
    if (page.epoch === this.#epoch) this.#show(this.#log.extend(this.#page(page)));
    else this.#events.blocked(new ParlorError("notJoined", "The room began anew.", true));
  }

  #show(fresh: LogMessage[]): void {
    for (const message of fresh) this.#landed(message);
    this.#push();
    for (const message of fresh) this.#events.arrived(message);
  }

  /** A message in the log is no longer on its way. */
  #landed(message: LogMessage): void {
    if (message.own) this.#sender.outbox.remove(message.id);
  }

  #push(): void {
    if (this.#running) this.#sender.start();
    this.#changed();
  }

  #changed(): void {
    this.messages = [...this.#log.entries, ...this.#sender.outbox.messages];
    this.#events.changed();
  }

  #history(before: number): Promise<MessagesPage> {
    return new Promise((resolve, reject) => {
      this.#connection.request({ action: "history", room: this.#room, before, limit: OLDER_PAGE }, (answer) => {
        if (answer instanceof ParlorError) reject(answer);
        else resolve(answer);
      });
    });
  }

  #page(page: MessagesPage): Page<LogMessage> {
    return { ...page, messages: page.messages.map((message) => this.#logMessage(message)) };
  }

  #logMessage({ id, from, text, at, seq }: Message): LogMessage {
    return { id, from, text, at, seq, own: this.#own.has(from.userId), status: "sent" };
  }
}
