// The order of a room's messages: sorts by number, drops repetitions, holds back what is beyond a gap.
// Pure: it neither asks for what is missing nor tells anyone.

interface Numbered {
  readonly seq: number;
}

/** The numbers `from` to `to`, both included; those without a message are void for ever. */
export interface Page<M extends Numbered> {
  readonly from: number;
  readonly to: number;
  /** The newest number given out. */
  readonly seq: number;
  readonly messages: readonly M[];
}

// Sameness is the number alone: the server gives a message one number, and may take a sender's id again after 24 hours.
export class RoomLog<M extends Numbered> {
  #entries: M[] = [];
  #held = new Map<number, M>();
  #low = 1;
  #top = 0;
  #newest = 0;

  /** Without a gap, oldest first. */
  get entries(): readonly M[] {
    return this.#entries;
  }

  /** The oldest number that is known here. */
  get low(): number {
    return this.#low;
  }

  /** The last number up to which everything from `low` on is known. */
  get top(): number {
    return this.#top;
  }

  /** Whether a number was given out whose message has not come. */
  get behind(): boolean {
    return this.#newest > this.#top;
  }

  /** Starts over with a page; what has come beyond it is kept. */
  restart(page: Page<M>): void {
    const beyond = [...this.#entries, ...this.#held.values()].filter((message) => message.seq > page.to);
    this.#entries = [...page.messages];
    this.#held = new Map(beyond.map((message) => [message.seq, message]));
    this.#low = page.from;
    this.#top = page.to;
    this.#newest = Math.max(page.seq, ...this.#held.keys());
    this.#release();
  }

  /** Takes a live message and returns those that are now in order. */
  receive(message: M): M[] {
    if (message.seq <= this.#top) return [];
    this.#held.set(message.seq, message);
    this.heard(message.seq);
    return this.#release();
  }

  /** Takes a page that follows `top` and returns the messages that are new and in order. */
  extend(page: Page<M>): M[] {
    this.heard(page.seq);
    if (page.from > this.#top + 1 || page.to <= this.#top) return [];
    const fresh = page.messages.filter((message) => message.seq > this.#top);
    this.#entries.push(...fresh);
    this.#top = page.to;
    return [...fresh, ...this.#release()];
  }

  /** Takes the page that ends right before `low`. */
  prepend(page: Page<M>): void {
    if (page.to < this.#low - 1 || page.from >= this.#low) return;
    this.#entries.unshift(...page.messages.filter((message) => message.seq < this.#low));
    this.#low = page.from;
  }

  /** Learns that a number was given out. */
  heard(seq: number): void {
    this.#newest = Math.max(this.#newest, seq);
  }

  #release(): M[] {
    const released: M[] = [];
    for (const seq of this.#held.keys()) if (seq <= this.#top) this.#held.delete(seq);
    for (let next = this.#held.get(this.#top + 1); next; next = this.#held.get(this.#top + 1)) {
      this.#held.delete(next.seq);
      this.#top = next.seq;
      released.push(next);
    }
    this.#entries.push(...released);
    return released;
  }
}
