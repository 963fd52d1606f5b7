// Who is typing in a room, and when this client's own `typing` frame is due.

import type { Person } from "./protocol.ts";
import type { Timing } from "./timing.ts";

export class TypingIndicators {
  readonly #changed: () => void;
  readonly #timing: Timing;
  readonly #people = new Map<string, { person: Person; timer: ReturnType<typeof setTimeout> }>();
  #sentAt = Number.NEGATIVE_INFINITY;

  /** `changed` is called when an indicator ends by itself. */
  constructor(changed: () => void, timing: Timing) {
    this.#changed = changed;
    this.#timing = timing;
  }

  get people(): Person[] {
    return [...this.#people.values()].map(({ person }) => person);
  }

  add(person: Person): void {
    clearTimeout(this.#people.get(person.userId)?.timer);
    const timer = setTimeout(() => {
      this.remove(person.userId);
      this.#changed();
    }, this.#timing.typingShownMs);
    this.#people.set(person.userId, { person, timer });
  }

  remove(userId: string): void {
    clearTimeout(this.#people.get(userId)?.timer);
    this.#people.delete(userId);
  }

  clear(): void {
    for (const userId of [...this.#people.keys()]) this.remove(userId);
  }

  /** Returns whether a `typing` frame is due at this time, in milliseconds. If so, the caller sends it. */
  isDue(now: number): boolean {
    if (now - this.#sentAt < this.#timing.typingSentMs) return false;
    this.#sentAt = now;
    return true;
  }

  /** A message was sent: the next key starts a new indicator. */
  sent(): void {
    this.#sentAt = Number.NEGATIVE_INFINITY;
  }
}
