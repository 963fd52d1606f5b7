// The order of what happens in a room: sorts by number, drops repetitions, holds back what is beyond a gap, and knows
// each message as it now is. Pure: it neither asks for what is missing nor tells anyone.

import type { LogEvent, LogPage, Message, Notice, ServerFrame } from "./protocol.ts";

/** A change is not kept once it is in order: `#versions` has what it left. */
type Kept = Exclude<LogEvent, { type: "change" }>;

/** The numbers `from` to `to`, both included; those without an event are void for ever. */
export type Page = Pick<LogPage, "seq" | "from" | "to" | "events">;

// Sameness is the number alone: the server gives an event one number, and may take a sender's id again after 24 hours.
export class RoomLog {
  #events: Kept[] = [];
  /** What has come beyond `top`, by number; a void number has no event. */
  #held = new Map<number, LogEvent | undefined>();
  /** The newest version of each message that came in whatever way, by the message's number. */
  readonly #versions = new Map<number, Message>();
  #low = 1;
  #top = 0;
  #newest = 0;

  /** The messages and notices without a gap, oldest first. */
  get events(): readonly Kept[] {
    return this.#events;
  }

  /** As they now are, oldest first. */
  get messages(): Message[] {
    return this.#events.flatMap((event) => (event.type === "message" ? [this.now(event)] : []));
  }

  get notices(): Notice[] {
    return this.#events.filter((event) => event.type === "notice");
  }

  /** The oldest number that is known here. */
  get low(): number {
    return this.#low;
  }

  /** The last number up to which everything from `low` on is known. */
  get top(): number {
    return this.#top;
  }

  /** Whether a number was given out whose event has not come. */
  get behind(): boolean {
    return this.#newest > this.#top;
  }

  /** The message in its newest version. */
  now(message: Message): Message {
    return this.#versions.get(message.seq) ?? message;
  }

  /** Starts over with a page; what has come beyond it is kept. */
  restart(page: Page): void {
    const known = [...this.#events.map((event) => [event.seq, event] as const), ...this.#held];
    const beyond = new Map<number, LogEvent | undefined>();
    // Up to `top`, what is not kept has come too.
    for (let seq = Math.max(this.#low, page.to + 1); seq <= this.#top; seq++) beyond.set(seq, undefined);
    for (const [seq, event] of known) if (seq > page.to) beyond.set(seq, event);
    const events = page.events.filter(isLogEvent);
    this.#learn(events);
    this.#events = events.filter(isKept);
    this.#held = beyond;
    this.#low = page.from;
    this.#top = page.to;
    this.#newest = Math.max(page.seq, ...this.#held.keys());
    this.#release();
  }

  /** Takes a live event and returns those that are now in order. */
  receive(event: LogEvent & { readonly voids?: readonly number[] }): LogEvent[] {
    this.#learn([event]);
    if (event.seq > this.#top) this.#held.set(event.seq, event);
    this.heard(event.seq);
    return this.void(event.voids ?? []);
  }

  /** Learns that nothing is at these numbers, and returns the events that are now in order. */
  void(seqs: readonly number[]): LogEvent[] {
    for (const seq of seqs) {
      if (!this.#held.has(seq)) this.#held.set(seq, undefined);
      this.heard(seq);
    }
    return this.#release();
  }

  /** Takes a page that follows `top` and returns the events that are new and in order. */
  extend(page: Page): LogEvent[] {
    const events = page.events.filter(isLogEvent);
    this.#learn(events);
    this.heard(page.seq);
    if (page.from > this.#top + 1 || page.to <= this.#top) return [];
    const fresh = events.filter((event) => event.seq > this.#top);
    this.#events.push(...fresh.filter(isKept));
    this.#top = page.to;
    return [...fresh, ...this.#release()];
  }

  /** Takes the page that ends right before `low`. */
  prepend(page: Page): void {
    const events = page.events.filter(isLogEvent);
    this.#learn(events);
    if (page.to < this.#low - 1 || page.from >= this.#low) return;
    this.#events.unshift(...events.filter(isKept).filter((event) => event.seq < this.#low));
    this.#low = page.from;
  }

  /** Forgets what is below this number; pages bring it back. */
  forget(below: number): void {
    const low = Math.min(below, this.#top + 1);
    if (low <= this.#low) return;
    this.#low = low;
    this.#events = this.#events.filter((event) => event.seq >= low);
    for (const seq of this.#versions.keys()) if (seq < low) this.#versions.delete(seq);
  }

  /** Learns that a number was given out. */
  heard(seq: number): void {
    this.#newest = Math.max(this.#newest, seq);
  }

  /** Changes of messages that are not here count too: an older page may have been read before them. */
  #learn(events: readonly LogEvent[]): void {
    for (const event of events) {
      const message = event.type === "message" ? event : event.type === "change" ? event.message : undefined;
      if (!message || message.epoch !== event.epoch) continue;
      const known = this.#versions.get(message.seq);
      if (!known || versionOf(message) > versionOf(known)) this.#versions.set(message.seq, message);
    }
  }

  #release(): LogEvent[] {
    const released: LogEvent[] = [];
    for (const seq of this.#held.keys()) if (seq <= this.#top) this.#held.delete(seq);
    while (this.#held.has(this.#top + 1)) {
      const next = this.#held.get(++this.#top);
      this.#held.delete(this.#top);
      if (next) released.push(next);
    }
    this.#events.push(...released.filter(isKept));
    return released;
  }
}

/** What a later server has of other types takes its number and is passed over. */
export function isLogEvent(frame: ServerFrame): frame is LogEvent {
  return frame.type === "message" || frame.type === "change" || frame.type === "notice";
}

function isKept(event: LogEvent): event is Kept {
  return event.type !== "change";
}

function versionOf({ version, seq }: Message): number {
  return version ?? seq;
}
