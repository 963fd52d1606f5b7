// What each reader saw: in order, each once, nothing skipped without being told, and all of it in the end.

import type { Content, Of } from "./history.ts";
import { contentOf, fingerprint, type RoomHistory } from "./room-history.ts";
import type { Report } from "./violation.ts";

export function checkReaders(history: RoomHistory, report: Report): void {
  const readers = new Map<string, Reader>();
  for (const event of history.events) {
    if (!("reader" in event)) continue;
    const reader = readers.get(event.reader) ?? new Reader(event.reader, history, report);
    readers.set(event.reader, reader);
    if (event.type === "joined" || event.type === "discontinuity") reader.startsWith(event);
    else if (event.type === "saw") reader.saw(event.seq);
    else if (event.type === "left") reader.left();
    else reader.ended(event.shows);
  }
}

class Reader {
  readonly #name: string;
  readonly #history: RoomHistory;
  readonly #report: Report;
  /** The numbers seen, and those of the messages on the page it began with. */
  #has = new Set<number>();
  #last = 0;
  /** Up to here messages may be shown that were not on the page: they had come before it, and are not told again. */
  #shownTo = 0;
  /** Nor are changes of theirs that had come before the page. */
  #isFresh = true;
  #isOut = false;

  constructor(name: string, history: RoomHistory, report: Report) {
    this.#name = name;
    this.#history = history;
    this.#report = report;
  }

  startsWith({ to, shows }: Of<"joined" | "discontinuity">): void {
    const numbers = shows.map(({ seq }) => seq);
    this.#has = new Set(numbers.filter((seq) => seq <= to));
    this.#last = to;
    this.#shownTo = Math.max(to, ...numbers);
    this.#isFresh = true;
    this.#look(shows);
  }

  saw(seq: number): void {
    if (this.#isOut) this.#report("afterLeaving", `${this.#name} saw number ${seq}`);
    else if (this.#has.has(seq)) this.#report("doubled", `${this.#name} saw number ${seq} again`);
    else if (seq < this.#last) this.#report("reordered", `${this.#name} saw number ${seq} after ${this.#last}`);
    else this.#goOn(seq);
    this.#has.add(seq);
  }

  left(): void {
    this.#isOut = true;
  }

  /** Still there when everything was said, and had time to catch up. */
  ended(shows: readonly Content[]): void {
    const missing = this.#missing(Number.MAX_SAFE_INTEGER);
    if (missing.length > 0) this.#report("lost", `${this.#name} never saw ${list(missing)}`);
    const shown = new Map(shows.map((message) => [message.seq, message]));
    const first = Math.min(...shown.keys());
    for (const logged of this.#history.messages) {
      const message = shown.get(logged.seq);
      if (!message && logged.seq > first) {
        this.#report("lost", `${this.#name} does not show message ${logged.seq} in the end`);
      } else if (message && fingerprint(message) !== fingerprint(contentOf(logged))) {
        this.#report("changed", `${this.#name} does not show message ${logged.seq} as it is in the end`);
      }
    }
    this.#look(shows);
  }

  #goOn(seq: number): void {
    const missing = this.#missing(seq);
    if (missing.length > 0) this.#report("gap", `${this.#name} saw number ${seq} without ${list(missing)}`);
    if (!this.#history.byNumber.has(seq)) this.#report("lost", `${this.#name} saw number ${seq}, the log has it not`);
    this.#last = seq;
    this.#isFresh = false;
  }

  /** What the log has after the last number seen and before this one. */
  #missing(before: number): number[] {
    const { byNumber } = this.#history;
    return this.#history
      .between(this.#last, before)
      .filter((seq) => seq > this.#shownTo && (!this.#isFresh || byNumber.get(seq)?.type === "message"));
  }

  #look(messages: readonly Content[]): void {
    let last = 0;
    for (const { seq } of messages) {
      if (seq <= last) this.#report("reordered", `${this.#name} shows message ${seq} after ${last}`);
      if (!this.#history.byNumber.has(seq)) {
        this.#report("lost", `${this.#name} shows message ${seq}, the log has it not`);
      }
      last = seq;
    }
  }
}

const list = (numbers: readonly number[]) => (numbers.length > 1 ? `${numbers[0]}–${numbers.at(-1)}` : `${numbers[0]}`);
