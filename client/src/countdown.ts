// Waits for a room's end, by the server's clock.

import type { ServerClock } from "./server-clock.ts";
import type { Timing } from "./timing.ts";

export interface CountdownEvents {
  /** Whether the present end is known: the room is joined, and no event is missing that might have put it off. */
  isCertain(): boolean;
  ended(): void;
}

export class Countdown {
  readonly #clock: ServerClock;
  readonly #events: CountdownEvents;
  readonly #timing: Timing;
  #endsAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer is due, by this machine's clock. */
  #due = Number.POSITIVE_INFINITY;

  constructor(clock: ServerClock, events: CountdownEvents, timing: Timing) {
    this.#clock = clock;
    this.#events = events;
    this.#timing = timing;
  }

  /** Whether the time is up. */
  get isOver(): boolean {
    return this.#endsAt !== undefined && this.#clock.now >= this.#endsAt;
  }

  /** Counts down to this time of the server's. Call it again each time that the server tells its time. */
  start(endsAt: number | undefined): void {
    this.stop();
    this.#endsAt = endsAt;
    if (endsAt !== undefined) this.#wait(endsAt - this.#clock.now);
  }

  /** Counts down to another end. That may be old news: the computer may have slept since the server told its time. */
  change(endsAt: number | undefined): void {
    if (Date.now() - this.#due > this.#timing.checkMs) this.#clock.doubt();
    this.start(endsAt);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#due = Number.POSITIVE_INFINITY;
  }

  /** A timer stands still while the computer sleeps, and fires at once if its time is too long. So it is a short one. */
  #wait(remaining: number): void {
    const delay = Math.min(Math.max(0, remaining), this.#timing.countdownMs);
    this.#due = Date.now() + delay;
    this.#timer = setTimeout(() => {
      // The end may have been postponed in the meantime: the server's next frame comes after the events that the client missed.
      if (Math.abs(Date.now() - this.#due) > this.#timing.checkMs) this.#clock.doubt();
      this.#check();
    }, delay);
  }

  #check(): void {
    if (!this.isOver) this.start(this.#endsAt);
    else if (this.#clock.isSure && this.#events.isCertain()) this.#events.ended();
    else this.#wait(this.#timing.checkMs);
  }
}
