// What happens in a room as this client shows it: the log, the gaps in it being filled, and one's own on their way.

import { Catchup } from "./catchup.ts";
import { type ChangeFrame, Changer } from "./changer.ts";
import type { Connection } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import { newId } from "./ids.ts";
import { RoomLog } from "./log.ts";
import type { HistoryPage, Joined, LogEvent, LogPage, Message, Notice, Person, Position, Voids } from "./protocol.ts";
import { Retry } from "./retry.ts";
import { Sender } from "./sender.ts";
import type { Timing } from "./timing.ts";
import type { Delivery, RoomMessage, SendOptions } from "./types.ts";

const OLDER_PAGE = 50;

export interface TimelineEvents {
  changed(): void;
  /** What happened after the room was joined; in order, each once. */
  arrived(event: LogEvent): void;
  delivery(delivery: Delivery): void;
  /** The server refuses because of the room, not because of the message. */
  blocked(error: ParlorError): void;
}

export class Timeline {
  /** In order of their number, one's own pending and failed ones last. A new array after each change. */
  messages: readonly RoomMessage[] = [];

  readonly #room: string;
  readonly #connection: Connection;
  readonly #events: TimelineEvents;
  readonly #sender: Sender;
  readonly #changer: Changer;
  readonly #catchup: Catchup;
  readonly #timing: Timing;
  /** All identities this client has had here: without a token, each connection is another. */
  readonly #own = new Set<string>();
  readonly #shown = new WeakMap<Message, RoomMessage>();
  #log = new RoomLog();
  #epoch: string | undefined;
  #running = false;

  constructor(room: string, connection: Connection, events: TimelineEvents, timing: Timing) {
    this.#room = room;
    this.#connection = connection;
    this.#events = events;
    this.#timing = timing;
    const { blocked, delivery } = events;
    const missingAfter = () => (this.#running && this.#log.behind ? this.#log.top : undefined);
    const found = (page: HistoryPage) => this.#extend(page);
    this.#catchup = new Catchup(room, connection, { missingAfter, found, blocked }, timing);
    const sent = (message: RoomMessage, seq: number, epoch: string) => this.#sent(message, seq, epoch);
    const failed = () => this.#changed();
    this.#sender = new Sender(room, connection, { delivery, sent, failed, blocked }, timing);
    const changed = (seq: number, epoch: string) => {
      if (epoch === this.#epoch) this.heard(seq);
    };
    this.#changer = new Changer(connection, { changed, blocked }, timing);
  }

  get notices(): Notice[] {
    return this.#log.notices;
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
    if (this.#own.size > 0 && !this.#own.has(frame.you.userId)) {
      this.#sender.outbox.identityChanged();
      this.#changer.identityChanged();
    }
    this.#own.add(frame.you.userId);
    this.#running = true;
    if (recovered && frame.epoch === this.#epoch) {
      this.#show(this.#log.extend(frame));
    } else {
      const anew = this.#epoch !== frame.epoch;
      if (anew) {
        this.#log = new RoomLog();
        this.#changer.rejectAll(cleared());
      }
      this.#epoch = frame.epoch;
      this.#log.restart(frame);
      for (const event of this.#log.events) this.#landed(event);
      // What was sent and is not on the page is older than it, or went with the log that it was in.
      this.#sender.outbox.removeSent(anew ? Number.POSITIVE_INFINITY : this.#log.top);
      this.#push();
    }
    this.#catchup.check();
  }

  /** Until the next `start`, nothing is sent or asked. */
  pause(): void {
    this.#running = false;
    this.#sender.stop();
    this.#changer.stop();
    this.#catchup.stop();
  }

  /** What is still on its way will not arrive. */
  end(error: ParlorError): void {
    this.pause();
    this.#sender.outbox.failAll(error);
    this.#changer.rejectAll(error);
    this.#changed();
  }

  receive(event: LogEvent): void {
    if (event.epoch === this.#epoch) {
      this.#show(this.#log.receive(event));
      this.#catchup.check();
    } else {
      this.#beganAnew();
    }
  }

  /** Nothing is at these numbers: a gap closes without anyone asking. */
  voided({ epoch, seqs }: Voids): void {
    if (epoch === this.#epoch) {
      this.#show(this.#log.void(seqs));
      this.#catchup.check();
    } else {
      this.#beganAnew();
    }
  }

  /** Learns the newest number given out. */
  heard(newest: number): void {
    this.#log.heard(newest);
    this.#catchup.check();
  }

  send(from: Person, text: string, { id = newId(), at = Date.now(), triedAt }: SendOptions): string {
    if (this.#log.messages.some((message) => message.id === id && this.#own.has(message.from.userId))) {
      this.#events.delivery({ id, status: "sent" });
    } else {
      this.#sender.outbox.add(id, from, text, at, triedAt);
      this.#push();
    }
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

  change(frame: ChangeFrame): Promise<void> {
    if (frame.epoch !== this.#epoch) return Promise.reject(cleared());
    const done = this.#changer.add(frame);
    if (this.#running) this.#changer.start();
    return done;
  }

  async loadOlder(): Promise<void> {
    const shown = this.#log.messages.length;
    // A page may hold nothing but void numbers and what happened to messages before it.
    while (this.hasOlder && this.#log.messages.length === shown) {
      const before = this.#log.low;
      const page = await this.#history(before);
      if (page.epoch === this.#epoch) this.#log.prepend(page);
      if (this.#log.low === before) break;
    }
    this.#changed();
  }

  forgetOlder(before: number): void {
    this.#log.forget(before);
    this.#changed();
  }

  /** The message as the application sees it. */
  shown(message: Message): RoomMessage {
    const now = this.#log.now(message);
    const shown = this.#shown.get(now) ?? this.#roomMessage(now);
    this.#shown.set(now, shown);
    return shown;
  }

  #sent({ id, from, text, at }: RoomMessage, seq: number, epoch: string): void {
    this.receive({ type: "message", room: this.#room, epoch, seq, id, from, text, at });
    // Behind a gap the outbox goes on showing it; else the log does, or it is older than what the log shows. In another
    // epoch it went with the log that it was in, or is on the page that comes.
    if (epoch !== this.#epoch || seq <= this.#log.top) this.#sender.outbox.landed(id);
    this.#changed();
  }

  #extend(page: LogPage): void {
    if (page.epoch === this.#epoch) this.#show(this.#log.extend(page));
    else this.#beganAnew();
  }

  #beganAnew(): void {
    this.#events.blocked(new ParlorError("notJoined", "The room began anew.", true));
  }

  #show(fresh: LogEvent[]): void {
    for (const event of fresh) this.#landed(event);
    this.#push();
    for (const event of fresh) this.#events.arrived(event);
  }

  /** A message in the log is no longer on its way. */
  #landed(event: LogEvent): void {
    if (event.type === "message" && this.#own.has(event.from.userId)) this.#sender.outbox.landed(event.id);
  }

  #push(): void {
    if (this.#running) {
      this.#sender.start();
      this.#changer.start();
    }
    this.#changed();
  }

  #changed(): void {
    this.messages = [...this.#log.messages.map((message) => this.shown(message)), ...this.#sender.outbox.messages];
    this.#events.changed();
  }

  #history(before: number): Promise<HistoryPage> {
    const retry = new Retry(this.#timing);
    return new Promise((resolve, reject) => {
      const ask = () =>
        this.#connection.request({ action: "history", room: this.#room, before, limit: OLDER_PAGE }, (answer) => {
          if (!(answer instanceof ParlorError)) resolve(answer);
          else if (answer.code !== "rateLimited") reject(answer);
          else retry.after(answer, () => (this.#running ? ask() : reject(answer)));
        });
      ask();
    });
  }

  #roomMessage({ id, from, text, at, epoch, seq, editedAt, deletedAt, reactions = [] }: Message): RoomMessage {
    const own = this.#own.has(from.userId);
    const changes = { ...(editedAt !== undefined && { editedAt }), ...(deletedAt !== undefined && { deletedAt }) };
    return { id, from, text, at, epoch, seq, own, status: "sent", ...changes, reactions };
  }
}

/** The numbers of a log that was cleared name no messages any more. */
function cleared(): ParlorError {
  return new ParlorError("messageNotFound", "The room was cleared.", false);
}
