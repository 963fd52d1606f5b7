// The order of events in a room. Sorts by number, drops duplicates, holds events back behind a gap, and knows the latest
// version of each message. Pure state: requests nothing and notifies nobody.

import type { LogEvent, LogPage, Message, Notice, ServerFrame } from "./protocol.ts";

/** Changes are not stored once they are in order: `#versions` has their result. */
type StoredEvent = Exclude<LogEvent, { type: "change" }>;

/** The numbers `from` to `to`, both included. A number without an event is void. */
export type Page = Pick<LogPage, "seq" | "from" | "to" | "events">;

// Events are the same if their numbers are. Ids do not tell: the server accepts a sender's id again after 24 hours.
export class RoomLog {
  #events: StoredEvent[] = [];
  /** Events beyond `last`, by number. A void has no event. */
  #held = new Map<number, LogEvent | undefined>();
  /** The latest version of each message, from live frames, pages and changes, by the message's number. */
  readonly #versions = new Map<number, Message>();
  #first = 1;
  #last = 0;
  /** The highest number known to exist. */
  #newest = 0;

  /** Messages and notices from `first` to `last`, oldest first. */
  get events(): readonly StoredEvent[] {
    return this.#events;
  }

  /** Messages in their latest version, oldest first. */
  get messages(): Message[] {
    return this.#events.flatMap((event) => (event.type === "message" ? [this.latest(event)] : []));
  }

  get notices(): Notice[] {
    return this.#events.filter((event) => event.type === "notice");
  }

  /** The oldest known number. */
  get first(): number {
    return this.#first;
  }

  /** The highest number up to which everything from `first` on is known. */
  get last(): number {
    return this.#last;
  }

  /** Whether a number beyond `last` exists. */
  get isBehind(): boolean {
    return this.#newest > this.#last;
  }

  /** Returns the latest known version of a message. */
  latest(message: Message): Message {
    return this.#versions.get(message.seq) ?? message;
  }

  /** Starts again with a page. Keeps what is known beyond it. */
  reset(page: Page): void {
    const known = [...this.#events.map((event) => [event.seq, event] as const), ...this.#held];
    const beyond = new Map<number, LogEvent | undefined>();
    // Numbers up to `last` without a stored event are voids, or changes whose result is in `#versions`.
    for (let seq = Math.max(this.#first, page.to + 1); seq <= this.#last; seq++) beyond.set(seq, undefined);
    for (const [seq, event] of known) if (seq > page.to) beyond.set(seq, event);
    const events = page.events.filter(isLogEvent);
    this.#recordVersions(events);
    this.#events = events.filter(isStored);
    this.#held = beyond;
    this.#first = page.from;
    this.#last = page.to;
    this.#newest = Math.max(page.seq, ...this.#held.keys());
    this.#release();
  }

  /** Takes a live event. Returns the events that are now in order. */
  receive(event: LogEvent & { readonly voids?: readonly number[] }): LogEvent[] {
    this.#recordVersions([event]);
    if (event.seq > this.#last) this.#held.set(event.seq, event);
    this.reached(event.seq);
    return this.void(event.voids ?? []);
  }

  /** Marks numbers as void. Returns the events that are now in order. */
  void(seqs: readonly number[]): LogEvent[] {
    for (const seq of seqs) {
      if (!this.#held.has(seq)) this.#held.set(seq, undefined);
      this.reached(seq);
    }
    return this.#release();
  }

  /** Adds a page that goes on after `last`, or overlaps it. Returns the new events that are now in order. */
  append(page: Page): LogEvent[] {
    const events = page.events.filter(isLogEvent);
    this.#recordVersions(events);
    this.reached(page.seq);
    if (page.from > this.#last + 1 || page.to <= this.#last) return [];
    const added = events.filter((event) => event.seq > this.#last);
    this.#events.push(...added.filter(isStored));
    this.#last = page.to;
    return [...added, ...this.#release()];
  }

  /** Adds a page that ends right before `first`. */
  prepend(page: Page): void {
    const events = page.events.filter(isLogEvent);
    this.#recordVersions(events);
    if (page.to < this.#first - 1 || page.from >= this.#first) return;
    this.#events.unshift(...events.filter(isStored).filter((event) => event.seq < this.#first));
    this.#first = page.from;
  }

  /** Drops what is older than this number. Pages bring it back. */
  forget(before: number): void {
    const first = Math.min(before, this.#last + 1);
    if (first <= this.#first) return;
    this.#first = first;
    this.#events = this.#events.filter((event) => event.seq >= first);
    for (const seq of this.#versions.keys()) if (seq < first) this.#versions.delete(seq);
  }

  /** Notes that numbers up to this one exist. */
  reached(seq: number): void {
    this.#newest = Math.max(this.#newest, seq);
  }

  /** Also for messages that are not here: an older page may have been read before their changes. */
  #recordVersions(events: readonly LogEvent[]): void {
    for (const event of events) {
      const message = event.type === "message" ? event : event.type === "change" ? event.message : undefined;
      if (!message || message.epoch !== event.epoch) continue;
      const known = this.#versions.get(message.seq);
      if (!known || versionOf(message) > versionOf(known)) this.#versions.set(message.seq, message);
    }
  }

  #release(): LogEvent[] {
    const released: LogEvent[] = [];
    for (const seq of this.#held.keys()) if (seq <= this.#last) this.#held.delete(seq);
    while (this.#held.has(this.#last + 1)) {
      const next = this.#held.get(++this.#last);
      this.#held.delete(this.#last);
      if (next) released.push(next);
    }
    this.#events.push(...released.filter(isStored));
    return released;
  }
}

/** Whether the frame is an event of a type that this client knows. Events of later types only take their number. */
export function isLogEvent(frame: ServerFrame): frame is LogEvent {
  return frame.type === "message" || frame.type === "change" || frame.type === "notice";
}

function isStored(event: LogEvent): event is StoredEvent {
  return event.type !== "change";
}

function versionOf({ version, seq }: Message): number {
  return version ?? seq;
}
