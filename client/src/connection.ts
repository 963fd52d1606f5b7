// One lasting connection over many sockets. Opens them, reconnects with backoff, and replaces each before its time is up.

import type { Credentials } from "./credentials.ts";
import { ParlorError } from "./errors.ts";
import type { ClientFrame, ServerFrame } from "./protocol.ts";
import { Retry } from "./retry.ts";
import { type Address, type PendingRequest, Socket } from "./socket.ts";
import type { Timing } from "./timing.ts";
import type { ConnectionState } from "./types.ts";

/** The type of the frame that answers each action. Each new action needs a line here; without it, the types below fail. */
type Answers = {
  join: "joined";
  leave: "left";
  send: "ack";
  edit: "ack";
  delete: "ack";
  react: "ack";
  history: "history";
  read: "read";
  typing: never;
  register: "registered";
  ping: "pong";
};
type RequestFrame = Exclude<ClientFrame, { action: "typing" }>;
type Answer<Frame extends RequestFrame> = Extract<ServerFrame, { type: Answers[Frame["action"]] }>;

/**
 * Sends a frame and calls `done` once: with its answer, the refusal, `timeout` or `disconnected`. A frame without an id
 * gets one.
 */
export type SendRequest = <Frame extends RequestFrame>(
  frame: Frame,
  done: (answer: Answer<Frame> | ParlorError) => void,
) => void;

export interface ConnectionEvents {
  stateChanged(): void;
  opened(): void;
  lost(): void;
  /** A request got no answer in time, and no other frame came either, although the socket had worked before. */
  silent(): void;
  /** The server accepts no token that the application has. The connection makes no further attempt. */
  refused(error: ParlorError): void;
  /** A frame came that answers no request. `fromNext`: it came over the next socket, during a changeover. */
  rejected(id: string, error: ParlorError): void;
  received(frame: ServerFrame, fromNext: boolean): void;
  /** Joins every room over the next socket. Calls `done` once, with an error if that socket must not take over. */
  joinAll(request: SendRequest, done: (error?: ParlorError) => void): void;
}

export class Connection {
  state: ConnectionState = "closed";
  /** When the next attempt to connect is due, in milliseconds since 1970, while `state` is `waiting`. */
  retryAt: number | undefined;
  /** The number of frames received so far. */
  framesReceived = 0;

  readonly #address: Address;
  readonly #credentials: Credentials;
  readonly #events: ConnectionEvents;
  readonly #timing: Timing;
  readonly #retry: Retry;
  readonly #changeoverRetry: Retry;
  #socket: Socket | undefined;
  /** During a changeover: the socket that is about to take over. */
  #next: Socket | undefined;
  #openingCheck: ReturnType<typeof setTimeout> | undefined;
  #stable: ReturnType<typeof setTimeout> | undefined;
  #changeover: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;
  /** `framesReceived` when the socket was opened. */
  #receivedBefore = 0;

  constructor(address: Address, credentials: Credentials, events: ConnectionEvents, timing: Timing) {
    this.#address = address;
    this.#credentials = credentials;
    this.#events = events;
    this.#timing = timing;
    this.#retry = new Retry(timing);
    this.#changeoverRetry = new Retry(timing);
  }

  /** Opens a socket unless there is one, or an attempt is planned. */
  connect(): void {
    if (this.state === "refused") this.#credentials.reset();
    if (this.state === "refused" || this.state === "closed") this.#open();
  }

  /** Ends the wait for the next attempt. A running attempt gets only `checkMs`: it may be older than a sleep. */
  retryNow(): void {
    if (this.state === "refused") {
      this.connect();
    } else if (this.state === "waiting") {
      this.#retry.reset();
      this.#open();
    } else if (this.state === "connecting") {
      clearTimeout(this.#openingCheck);
      this.#openingCheck = setTimeout(() => {
        if (this.state === "connecting") this.replace();
      }, this.#timing.checkMs);
    }
  }

  /** Drops the socket and opens another at once. */
  replace(): void {
    this.reconnect();
    this.retryNow();
  }

  /** Drops the socket and opens another after a backoff delay. */
  reconnect(): void {
    this.#end("waiting", () => {
      this.retryAt = Date.now() + this.#retry.schedule(() => this.#open());
    });
  }

  close(): void {
    this.#end("closed", () => {
      this.retryAt = undefined;
      this.#retry.reset();
    });
  }

  readonly request: SendRequest = (frame, done) => {
    if (this.#socket && this.state === "open") this.#send(this.#socket, frame, done as PendingRequest["done"]);
    else done(disconnected());
  };

  /** Sends a frame that has no answer. */
  notify(frame: ClientFrame): void {
    this.#socket?.notify(frame);
  }

  #send(socket: Socket, frame: RequestFrame, done: PendingRequest["done"]): void {
    const { framesReceived } = this;
    socket.request({ ...frame, id: frame.id ?? String(++this.#lastId) }, (answer) => {
      done(answer);
      // If nothing ever came over this socket, the server does not answer: a new socket would only add to its work.
      const hadWorked = framesReceived > this.#receivedBefore;
      const isSilent = isTimeout(answer) && this.framesReceived === framesReceived;
      if (isSilent && hadWorked && this.state === "open") this.#events.silent();
    });
  }

  #open(): void {
    clearTimeout(this.#openingCheck);
    this.#retry.cancel();
    this.retryAt = undefined;
    this.#receivedBefore = this.framesReceived;
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
          if (isNext()) this.#joinOver(socket);
          else this.#opened();
        },
        frameReceived: () => void this.framesReceived++,
        received: (frame) => this.#events.received(frame, isNext()),
        rejected: (id, error) => this.#events.rejected(id, error),
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
    else if (isNext) this.#retryChangeover();
    else if (isRefused) this.#refuse(reason);
    else this.reconnect();
  }

  #refuse(error: ParlorError): void {
    this.#end("refused", () => this.#retry.reset());
    this.#events.refused(error);
  }

  #opened(): void {
    // Even if frames come before: a client whose connections all end early must wait longer each time.
    this.#stable = setTimeout(() => this.#retry.reset(), this.#timing.stableMs);
    this.#planChangeover();
    this.#become("open");
    this.#events.opened();
  }

  /**
   * API Gateway ends each socket after two hours. The random age keeps clients that connected together from reconnecting
   * together. Without a token the next socket would be another person, and a message in flight could be stored twice: that
   * socket stays until it ends.
   */
  #planChangeover(): void {
    clearTimeout(this.#changeover);
    if (this.#socket?.token === undefined) return;
    const [earliest, latest] = this.#timing.changeoverMs;
    this.#changeoverRetry.reset();
    this.#changeover = setTimeout(() => this.#openNext(), earliest + Math.random() * (latest - earliest));
  }

  #openNext(): void {
    this.#next = this.#newSocket();
  }

  #joinOver(next: Socket): void {
    const request: SendRequest = (frame, done) => this.#send(next, frame, done as PendingRequest["done"]);
    this.#events.joinAll(request, (error) => {
      if (this.#next !== next) return;
      if (error?.code === "unauthorized") this.reconnect();
      else if (error) this.#retryChangeover(error.retryAfterMs);
      else this.#takeOver(next);
    });
  }

  /** Repeats over the next socket, with the same ids, what the old one has not answered. */
  #takeOver(next: Socket): void {
    const unanswered = this.#socket?.end() ?? [];
    this.#socket = next;
    this.#next = undefined;
    this.#planChangeover();
    for (const { frame, done } of unanswered) next.request(frame, done);
  }

  /** The old socket still works, so there is time for another attempt. */
  #retryChangeover(retryAfterMs?: number): void {
    this.#dropNext();
    this.#changeoverRetry.schedule(() => this.#openNext(), retryAfterMs);
  }

  #dropNext(): void {
    clearTimeout(this.#changeover);
    this.#changeoverRetry.cancel();
    const unanswered = this.#next?.end() ?? [];
    this.#next = undefined;
    for (const { done } of unanswered) done(disconnected());
  }

  /** Sets the state and calls `prepare` before any event: a listener may start the next attempt at once. */
  #end(state: "waiting" | "refused" | "closed", prepare: () => void): void {
    clearTimeout(this.#openingCheck);
    clearTimeout(this.#stable);
    this.#retry.cancel();
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
