// Whether a room is joined. Joins it, joins again after each interruption, and changes the name by joining under another.

import type { Connection, SendRequest } from "./connection.ts";
import { ParlorError } from "./errors.ts";
import type { Joined, Person, Position } from "./protocol.ts";
import { isOver, Retry } from "./retry.ts";
import type { Timing } from "./timing.ts";

export interface JoinStateEvents {
  /** Returns up to where the log is complete here, for the server to go on from there. */
  position(): Position | undefined;
  isYou(person: Person): boolean;
  /** `recovered`: the page of the frame follows `position`. */
  joined(frame: Joined, recovered: boolean): void;
  /** The server refuses for good to let this client back in. */
  excluded(error: ParlorError): void;
}

/** A call that waits until the room is joined under its name. */
interface PendingJoin {
  resolve(): void;
  reject(error: ParlorError): void;
}

export class JoinState {
  joined = false;
  readonly #room: string;
  readonly #connection: Connection;
  readonly #events: JoinStateEvents;
  readonly #retry: Retry;
  /** The name that joins ask for. */
  #name: string | undefined;
  /** For a room with a password. Joins send it each time. */
  #pass: string | undefined;
  /** Where the log starts at the first join. */
  #since: Position | undefined;
  /** The last name that the server accepted. */
  #acceptedName: string | undefined;
  /** Whether the room has been joined before. */
  #wasJoined = false;
  #inFlight = false;
  #ended = false;
  #pending: PendingJoin[] = [];

  constructor(room: string, connection: Connection, events: JoinStateEvents, timing: Timing) {
    this.#room = room;
    this.#connection = connection;
    this.#events = events;
    this.#retry = new Retry(timing);
  }

  /** Resolves once joined, under this name if there is one. Keeps the pass. Rejects with the refusal. */
  enter(name: string | undefined, pass: string | undefined, since: Position | undefined): Promise<void> {
    this.#pass = pass ?? this.#pass;
    this.#since ??= since;
    if (this.joined && (name === undefined || name === this.#name)) return Promise.resolve();
    this.#name = name ?? this.#name;
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      if (!this.#retry.waiting) this.join();
    });
  }

  /** Joins if the connection is open. Otherwise the owner calls this once it is. */
  join(): void {
    if (this.#ended || this.#inFlight || this.#connection.state !== "open") return;
    this.#retry.cancel();
    this.#inFlight = true;
    const name = this.#name;
    const pass = this.#pass;
    this.#request(this.#connection.request, (answer, recovered) => {
      this.#inFlight = false;
      if (this.#ended) return;
      if (this.#isFormerPass(answer, pass)) this.join();
      else if (answer instanceof ParlorError) this.#refused(answer);
      else this.#accepted(answer, name, recovered);
    });
  }

  /** Joins over the next socket. Calls `done` once, with an error if that socket must not take over. */
  joinOver(request: SendRequest, done: (error?: ParlorError) => void): void {
    const name = this.#name;
    const pass = this.#pass;
    this.#request(request, (answer, recovered) => {
      if (this.#ended) return done();
      if (name !== this.#name || this.#isFormerPass(answer, pass)) return this.joinOver(request, done);
      if (answer instanceof ParlorError) {
        if (!isOver(answer) && answer.code !== "passRequired") return done(answer);
        this.#events.excluded(answer);
      } else if (this.#events.isYou(answer.you)) {
        this.#events.joined(answer, recovered);
      } else {
        // Requests in flight would be repeated as that person's.
        return done(otherPerson());
      }
      done();
    });
  }

  /** Not in the room for now: the connection is lost, or the server no longer knows that this client has joined. */
  pause(): void {
    this.#retry.cancel();
    this.joined = false;
  }

  /** Out of the room for good. */
  end(error: ParlorError): void {
    this.#ended = true;
    this.pause();
    for (const pending of this.#pending.splice(0)) pending.reject(error);
  }

  /** Another connection of the same person changed the name. */
  renamed(name: string): void {
    this.#name = name;
    this.#acceptedName = name;
  }

  /** Rejects the waiting calls and goes back to the last accepted name. Returns whether any call was waiting. */
  reject(error: ParlorError): boolean {
    const rejected = this.#pending.splice(0);
    if (rejected.length > 0) this.#name = this.#acceptedName;
    for (const pending of rejected) pending.reject(error);
    return rejected.length > 0;
  }

  #request(request: SendRequest, done: (answer: Joined | ParlorError, recovered: boolean) => void): void {
    const since = this.#events.position() ?? this.#since;
    const frame = {
      action: "join",
      room: this.#room,
      ...(this.#name !== undefined && { name: this.#name }),
      ...(this.#pass !== undefined && { pass: this.#pass }),
      ...(since && { since }),
    } as const;
    request(frame, (answer) => {
      done(answer, !(answer instanceof ParlorError) && since !== undefined && answer.recovered);
    });
  }

  /** Whether the server refuses a pass that was replaced while the request was in flight. */
  #isFormerPass(answer: Joined | ParlorError, pass: string | undefined): boolean {
    return answer instanceof ParlorError && answer.code === "passRequired" && pass !== this.#pass;
  }

  #accepted(frame: Joined, name: string | undefined, recovered: boolean): void {
    this.joined = true;
    this.#wasJoined = true;
    this.#acceptedName = name;
    this.#retry.reset();
    this.#events.joined(frame, recovered);
    // The name may have changed while the request was in flight.
    if (name !== this.#name) this.join();
    else for (const pending of this.#pending.splice(0)) pending.resolve();
  }

  #refused(error: ParlorError): void {
    if (error.code === "disconnected") return;
    if (error.code === "rateLimited") {
      // Other tabs of the person may have used up the rate: waiting calls continue to wait.
      this.#retryAfter(error);
      return;
    }
    const wasAsked = this.reject(error);
    if (this.joined || !this.#wasJoined) return;
    // A refused name must not keep this client out of a room that it was in.
    if (wasAsked || error.retryable) this.#retryAfter(error);
    else this.#events.excluded(error);
  }

  #retryAfter({ retryAfterMs }: ParlorError): void {
    this.#retry.schedule(() => this.join(), retryAfterMs);
  }
}

function otherPerson(): ParlorError {
  return new ParlorError("unauthorized", "The next connection belongs to another person.", false);
}
