// One lasting connection over many sockets: opens, reconnects with backoff, and replaces each socket in good time.

import { backoff } from "./backoff.ts";
import type { Credentials } from "./credentials.ts";
import { ParlorError } from "./errors.ts";
import type { ClientFrame, ServerFrame } from "./protocol.ts";
import { type Address, Socket, type Unanswered } from "./socket.ts";
import type { Timing } from "./timing.ts";
import type { ConnectionState } from "./types.ts";

type Answers = {
  join: "joined";
  leave: "left";
  send: "ack";
  edit: "ack";
  delete: "ack";
  react: "ack";
  history: "history";
  typing: never;
  ping: "pong";
};
type Requests = Exclude<ClientFrame, { action: "typing" }>;
type Answer<Request extends Requests> = Extract<ServerFrame, { type: Answers[Request["action"]] }>;

/** Sends a frame and calls `done` once: with its answer, with the refusal, or when none came in time. */
export type SendRequest = <Request extends Requests>(
  frame: Request,
  done: (answer: Answer<Request> | ParlorError) => void,
) => void;

export interface ConnectionEvents {
  stateChanged(): void;
  opened(): void;
  lost(): void;
  /** A request was not answered in time, and nothing else came either, though the socket had worked. */
  silent(): void;
  /** There is no token that the server accepts: nothing is tried any more. */
  refused(error: ParlorError): void;
  /** What is not an answer to a request. `ahead`: it comes over the socket that is about to take over. */
  received(frame: ServerFrame, ahead: boolean): void;
  /** Joins everything over the socket that is about to take over; `done` is called once, with why it may not, if so. */
  moving(ask: SendRequest, done: (refusal?: ParlorError) => void): void;
}

export class Connection {
  state: ConnectionState = "closed";
  /** When the next attempt is due, in milliseconds since 1970, while waiting for it. */
  retryAt: number | undefined;
  /** How many frames have come. */
  heard = 0;

  readonly #address: Address;
  readonly #credentials: Credentials;
  readonly #events: ConnectionEvents;
  readonly #timing: Timing;
  #socket: Socket | undefined;
  /** The one that is about to take over. */
  #next: Socket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #stability: ReturnType<typeof setTimeout> | undefined;
  #changeover: ReturnType<typeof setTimeout> | undefined;
  #changeoverAttempt = 0;
  #lastId = 0;
  /** What `heard` was when the socket was opened. */
  #heardBefore = 0;

  constructor(address: Address, credentials: Credentials, events: ConnectionEvents, timing: Timing) {
    this.#address = address;
    this.#credentials = credentials;
    this.#events = events;
    this.#timing = timing;
  }

  /** Opens unless it is open or about to. */
  connect(): void {
    if (this.state === "refused") this.#credentials.reset();
    if (this.state === "refused" || this.state === "closed") this.#open();
  }

  /** Ends the wait between two attempts; gives one that is being made little more time, as it may be older than a sleep. */
  hurry(): void {
    if (this.state === "refused") {
      this.connect();
    } else if (this.state === "waiting") {
      this.#attempt = 0;
      this.#open();
    } else if (this.state === "connecting") {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        if (this.state === "connecting") this.replace();
      }, this.#timing.checkMs);
    }
  }

  /** Gives this socket up and opens another at once. */
  replace(): void {
    this.reconnect();
    this.hurry();
  }

  /** Gives this socket up and opens another. */
  reconnect(): void {
    const delay = backoff(this.#attempt++, this.#timing);
    this.#end("waiting", () => {
      this.retryAt = Date.now() + delay;
      this.#timer = setTimeout(() => this.#open(), delay);
    });
  }

  close(): void {
    this.#end("closed", () => {
      this.retryAt = undefined;
      this.#attempt = 0;
    });
  }

  readonly request: SendRequest = (frame, done) => {
    if (this.#socket && this.state === "open") this.#ask(this.#socket, frame, done as Unanswered["done"]);
    else done(disconnected());
  };

  /** Sends a frame that has no answer. */
  notify(frame: ClientFrame): void {
    this.#socket?.notify(frame);
  }

  #ask(socket: Socket, frame: Requests, done: Unanswered["done"]): void {
    const { heard } = this;
    socket.request({ ...frame, id: frame.id ?? String(++this.#lastId) }, (answer) => {
      done(answer);
      // Where nothing was ever heard it is the server that does not answer: another socket would only be more work for it.
      const hadWorked = heard > this.#heardBefore;
      if (isTimeout(answer) && hadWorked && this.heard === heard && this.state === "open") this.#events.silent();
    });
  }

  #open(): void {
    clearTimeout(this.#timer);
    this.retryAt = undefined;
    this.#heardBefore = this.heard;
    this.#socket = this.#newSocket();
    this.#become("connecting");
  }

  #newSocket(): Socket {
    const isNext = () => socket === this.#next;
    const socket: Socket = new Socket(
      this.#address,
      this.#credentials.token(),
      {
        opened: () => {
          this.#credentials.reset();
          if (isNext()) this.#move(socket);
          else this.#opened();
        },
        heard: () => void this.heard++,
        received: (frame) => this.#events.received(frame, isNext()),
        failed: (reason) => {
          if (!socket.wasOpen) this.#credentials.failed();
          this.#failed(isNext(), reason);
        },
      },
      this.#timing,
    );
    return socket;
  }

  #failed(isNext: boolean, reason: unknown): void {
    const isRefused = reason instanceof ParlorError && reason.code === "unauthorized";
    if (isNext && isRefused) this.#dropNext();
    else if (isNext) this.#stay();
    else if (isRefused) this.#refuse(reason);
    else this.reconnect();
  }

  #refuse(error: ParlorError): void {
    this.#end("refused", () => {
      this.#attempt = 0;
    });
    this.#events.refused(error);
  }

  #opened(): void {
    // Whatever is heard before: who is ended again and again shall come back later each time.
    this.#stability = setTimeout(() => {
      this.#attempt = 0;
    }, this.#timing.stableMs);
    this.#planChangeover();
    this.#become("open");
    this.#events.opened();
  }

  /**
   * API Gateway ends each socket after two hours; clients that came together shall not go together. Without a token another
   * socket is another person: what is on its way could be said twice, so the one there is stays until it ends.
   */
  #planChangeover(): void {
    if (this.#socket?.token === undefined) return;
    const [earliest, latest] = this.#timing.changeoverMs;
    this.#changeoverAttempt = 0;
    this.#replaceIn(earliest + Math.random() * (latest - earliest));
  }

  #replaceIn(delay: number): void {
    clearTimeout(this.#changeover);
    this.#changeover = setTimeout(() => {
      this.#next = this.#newSocket();
    }, delay);
  }

  #move(next: Socket): void {
    const ask: SendRequest = (frame, done) => this.#ask(next, frame, done as Unanswered["done"]);
    this.#events.moving(ask, (refusal) => {
      if (this.#next !== next) return;
      if (refusal?.code === "unauthorized") this.reconnect();
      else if (refusal) this.#stay(refusal);
      else this.#takeOver(next);
    });
  }

  #takeOver(next: Socket): void {
    const unanswered = this.#socket?.end() ?? [];
    this.#socket = next;
    this.#next = undefined;
    this.#planChangeover();
    for (const { frame, done } of unanswered) next.request(frame, done);
  }

  /** The changeover failed: nothing is lost, and there is time to try again. */
  #stay({ retryAfterMs = 0 }: { readonly retryAfterMs?: number | undefined } = {}): void {
    this.#dropNext();
    this.#replaceIn(retryAfterMs + backoff(this.#changeoverAttempt++, this.#timing));
  }

  #dropNext(): void {
    clearTimeout(this.#changeover);
    const unanswered = this.#next?.end() ?? [];
    this.#next = undefined;
    for (const { done } of unanswered) done(disconnected());
  }

  /** Everything is as `prepare` leaves it before anyone is told: they may well ask for the next attempt at once. */
  #end(state: "waiting" | "refused" | "closed", prepare: () => void): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#stability);
    this.#dropNext();
    const wasOpen = this.state === "open";
    const unanswered = this.#socket?.end() ?? [];
    this.#socket = undefined;
    this.state = state;
    prepare();
    if (wasOpen) this.#events.lost();
    for (const { done } of unanswered) done(disconnected());
    this.#events.stateChanged();
  }

  #become(state: ConnectionState): void {
    this.state = state;
    this.#events.stateChanged();
  }
}

function isTimeout(answer: ServerFrame | ParlorError): boolean {
  return answer instanceof ParlorError && answer.code === "timeout";
}

function disconnected(): ParlorError {
  return new ParlorError("disconnected", "The connection to Parlor was lost: try again when it is back.", true);
}
