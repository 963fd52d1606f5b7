// Checks readers: each sees events in order, once, without unannounced gaps, and has everything at the end.

import type { Content, Of } from "./history.ts";
import { contentOf, fingerprint, type RoomHistory } from "./room-history.ts";
import type { Report } from "./violation.ts";

export function checkReaders(history: RoomHistory, report: Report): void {
  const readers = new Map<string, Reader>();
  for (const event of history.events) {
    if (!("reader" in event)) continue;
    const reader = readers.get(event.reader) ?? new Reader(event.reader, history, report);
    readers.set(event.reader, reader);
    if (event.type === "joined" || event.type === "discontinuity") reader.starts(event);
    else if (event.type === "saw") reader.saw(event.seq);
    else if (event.type === "left") reader.left();
    else reader.ended(event);
  }
}

class Reader {
  readonly #name: string;
  readonly #history: RoomHistory;
  readonly #report: Report;
  /** The numbers seen, and those of the messages on its first page. */
  #has = new Set<number>();
  #last = 0;
  /** Messages up to here may be shown without being on the page: they arrived before it, and no event repeats them. */
  #shownTo = 0;
  /** Whether nothing was seen since the page: changes that arrived before it are not repeated either. */
  #isFresh = true;
  #hasLeft = false;
  /** The reader's person. */
  #by = "";

  constructor(name: string, history: RoomHistory, report: Report) {
    this.#name = name;
    this.#history = history;
    this.#report = report;
  }

  starts(start: Of<"joined" | "discontinuity">): void {
    const { to, shows } = start;
    if (start.type === "joined") this.#by = start.by;
    const numbers = shows.map(({ seq }) => seq);
    this.#has = new Set(numbers.filter((seq) => seq <= to));
    this.#last = to;
    this.#shownTo = Math.max(to, ...numbers);
    this.#isFresh = true;
    this.#checkShown(shows);
  }

  saw(seq: number): void {
    if (this.#hasLeft) this.#report("afterLeaving", `${this.#name} saw number ${seq}`);
    else if (this.#has.has(seq)) this.#report("duplicated", `${this.#name} saw number ${seq} again`);
    else if (seq < this.#last) this.#report("reordered", `${this.#name} saw number ${seq} after ${this.#last}`);
    else this.#advance(seq);
    this.#has.add(seq);
  }

  left(): void {
    this.#hasLeft = true;
  }

  /** The reader stayed to the end, and had time to catch up. */
  ended({ shows, complete }: Of<"ended">): void {
    const { readership, messages } = this.#history;
    const missing = this.#missing(Number.MAX_SAFE_INTEGER);
    if (missing.length > 0) this.#report("lost", `${this.#name} never saw ${list(missing)}`);
    const shown = new Map(shows.map((message) => [message.seq, message]));
    const first = complete ? readership.first(this.#by) : Math.min(...shown.keys());
    for (const logged of messages) {
      const message = shown.get(logged.seq);
      if (!message && logged.seq >= first) {
        this.#report("lost", `${this.#name} does not show message ${logged.seq} at the end`);
      } else if (message && fingerprint(message) !== fingerprint(contentOf(logged))) {
        this.#report("inconsistent", `${this.#name} shows an outdated message ${logged.seq} at the end`);
      }
    }
    this.#checkShown(shows);
  }

  #advance(seq: number): void {
    const missing = this.#missing(seq);
    if (missing.length > 0) this.#report("gap", `${this.#name} saw number ${seq} without ${list(missing)}`);
    if (!this.#history.byNumber.has(seq))
      this.#report("lost", `${this.#name} saw number ${seq}, but it is not in the log`);
    this.#last = seq;
    this.#isFresh = false;
  }

  /** Returns the log's numbers after the last one seen and before this one that the reader's person may read. */
  #missing(before: number): number[] {
    const { byNumber, readership } = this.#history;
    return this.#history
      .between(this.#last, before)
      .filter((seq) => readership.mayRead(this.#by, seq))
      .filter((seq) => seq > this.#shownTo && (!this.#isFresh || byNumber.get(seq)?.type === "message"));
  }

  #checkShown(messages: readonly Content[]): void {
    let last = 0;
    for (const { seq } of messages) {
      if (seq <= last) this.#report("reordered", `${this.#name} shows message ${seq} after ${last}`);
      if (!this.#history.byNumber.has(seq)) {
        this.#report("lost", `${this.#name} shows message ${seq}, but it is not in the log`);
      }
      last = seq;
    }
  }
}

const list = (numbers: readonly number[]) => (numbers.length > 1 ? `${numbers[0]}–${numbers.at(-1)}` : `${numbers[0]}`);
