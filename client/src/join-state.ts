// Being in a room: joins it, joins again after each interruption, and changes the name by joining under another.

import type { Connection, SendRequest } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import type { Joined, Person, Position } from "./protocol.ts";
import { isOver, Retry } from "./retry.ts";
import type { Timing } from "./timing.ts";

export interface JoinStateEvents {
  /** How far the room is known from before. */
  position(): Position | undefined;
  isYou(person: Person): boolean;
  joined(frame: Joined, recovered: boolean): void;
  /** The way back into the room is refused for good. */
  excluded(error: ParlorError): void;
}

interface Entrant {
  resolve(): void;
  reject(error: ParlorError): void;
}

export class JoinState {
  joined = false;
  readonly #room: string;
  readonly #connection: Connection;
  readonly #events: JoinStateEvents;
  readonly #retry: Retry;
  /** The name that joins ask for, and the last one that was granted. */
  #name: string | undefined;
  #grantedName: string | undefined;
  #granted = false;
  #asking = false;
  #ended = false;
  /** Those who wait for being joined under the name. */
  #entrants: Entrant[] = [];

  constructor(room: string, connection: Connection, events: JoinStateEvents, timing: Timing) {
    this.#room = room;
    this.#connection = connection;
    this.#events = events;
    this.#retry = new Retry(timing);
  }

  /** Resolves once joined, under this name if one is given. */
  enter(name: string | undefined): Promise<void> {
    if (this.joined && (name === undefined || name === this.#name)) return Promise.resolve();
    this.#name = name ?? this.#name;
    return new Promise((resolve, reject) => {
      this.#entrants.push({ resolve, reject });
      if (!this.#retry.waiting) this.join();
    });
  }

  /** Joins as soon as the connection is open. */
  join(): void {
    if (this.#ended || this.#asking || this.#connection.state !== "open") return;
    this.#retry.stop();
    this.#asking = true;
    const name = this.#name;
    this.#ask(this.#connection.request, (answer, recovered) => {
      this.#asking = false;
      if (this.#ended) return;
      if (answer instanceof ParlorError) this.#refused(answer);
      else this.#accepted(answer, name, recovered);
    });
  }

  /** Joins over another socket as well; `done` is told why that one may not take over, if it may not. */
  move(ask: SendRequest, done: (refusal?: ParlorError) => void): void {
    const name = this.#name;
    this.#ask(ask, (answer, recovered) => {
      if (this.#ended) return done();
      if (name !== this.#name) return this.move(ask, done);
      // What is on its way would be another person's, too.
      if (!(answer instanceof ParlorError) && !this.#events.isYou(answer.you)) return done(somebodyElse());
      if (!(answer instanceof ParlorError)) this.#events.joined(answer, recovered);
      else if (isOver(answer)) this.#events.excluded(answer);
      else return done(answer);
      done();
    });
  }

  /** Out for now: the connection is lost, or the server has forgotten us. */
  pause(): void {
    this.#retry.stop();
    this.joined = false;
  }

  /** Out for good. */
  end(error: ParlorError): void {
    this.#ended = true;
    this.pause();
    for (const entrant of this.#entrants.splice(0)) entrant.reject(error);
  }

  /** Another connection of the same person changed the name. */
  renamed(name: string): void {
    this.#name = name;
    this.#grantedName = name;
  }

  #ask(ask: SendRequest, done: (answer: Joined | ParlorError, recovered: boolean) => void): void {
    const since = this.#events.position();
    const frame = {
      action: "join",
      room: this.#room,
      ...(this.#name !== undefined && { name: this.#name }),
      ...(since && { since }),
    } as const;
    ask(frame, (answer) => done(answer, !(answer instanceof ParlorError) && since !== undefined && answer.recovered));
  }

  #accepted(frame: Joined, name: string | undefined, recovered: boolean): void {
    this.joined = true;
    this.#granted = true;
    this.#grantedName = name;
    this.#retry.succeeded();
    this.#events.joined(frame, recovered);
    // The name may have changed while the server was asked.
    if (name !== this.#name) this.join();
    else for (const entrant of this.#entrants.splice(0)) entrant.resolve();
  }

  #refused(error: ParlorError): void {
    if (error.code === "disconnected") return;
    if (error.code === "rateLimited") {
      // The rate is the person's, and other tabs may have used it up: whoever waits goes on waiting.
      this.#tryAgain(error);
      return;
    }
    const asked = this.refuse(error);
    if (this.joined || !this.#granted) return;
    // A name that is refused must not keep us out of a room that we were in.
    if (asked || error.retryable) this.#tryAgain(error);
    else this.#events.excluded(error);
  }

  /** Tells those who wait, if there are any; the name is again the one that was granted last. */
  refuse(error: ParlorError): boolean {
    const entrants = this.#entrants.splice(0);
    if (entrants.length > 0) this.#name = this.#grantedName;
    for (const entrant of entrants) entrant.reject(error);
    return entrants.length > 0;
  }

  #tryAgain(after: ParlorError): void {
    this.#retry.after(after, () => this.join());
  }
}

function somebodyElse(): ParlorError {
  return new ParlorError("unauthorized", "The next connection belongs to another person.", false);
}
