// Who is typing: a notice counts for 5 s, and one's own is told at most once in 3 s.

import type { Person } from "./protocol.ts";

const NOTICE_MS = 5_000;
const TELL_MS = 3_000;

export class TypingIndicators {
  readonly #changed: () => void;
  readonly #people = new Map<string, { person: Person; timer: ReturnType<typeof setTimeout> }>();
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get people(): Person[] {
    return [...this.#people.values()].map((typist) => typist.person);
  }

  add(person: Person): void {
    clearTimeout(this.#people.get(person.userId)?.timer);
    const timer = setTimeout(() => {
      this.remove(person.userId);
      this.#changed();
    }, NOTICE_MS);
    this.#people.set(person.userId, { person, timer });
  }

  remove(userId: string): void {
    clearTimeout(this.#people.get(userId)?.timer);
    this.#people.delete(userId);
  }

  clear(): void {
    for (const userId of [...this.#people.keys()]) this.remove(userId);
  }

  /** Whether it is time to tell the others again; the caller then does. */
  shouldTell(now: number): boolean {
    if (now - this.#toldAt < TELL_MS) return false;
    this.#toldAt = now;
    return true;
  }

  /** One's message is said: the next key is news again. */
  said(): void {
    this.#toldAt = Number.NEGATIVE_INFINITY;
  }
}
