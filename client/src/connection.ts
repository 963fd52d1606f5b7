// One lasting connection over many sockets: opens, reconnects with backoff, and pairs each answer with its request.

import { backoff } from "./backoff.ts";
import { ParlorError } from "./errors.ts";
import type { ClientFrame, ServerFrame } from "./protocol.ts";
import type { Timing } from "./timing.ts";
import type { ConnectionState, WebSocketConstructor, WebSocketLike } from "./types.ts";

type Answers = {
  join: "joined";
  leave: "left";
  send: "ack";
  history: "history";
  typing: never;
  ping: "pong";
};
type Requests = Exclude<ClientFrame, { action: "typing" }>;
type Answer<Request extends Requests> = Extract<ServerFrame, { type: Answers[Request["action"]] }>;

interface Pending {
  readonly done: (answer: ServerFrame | ParlorError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export interface ConnectionEvents {
  stateChanged(): void;
  opened(): void;
  lost(): void;
  /** What is not an answer to a request. */
  received(frame: ServerFrame): void;
}

export class Connection {
  state: ConnectionState = "closed";
  /** When the next attempt is due, in milliseconds since 1970, while waiting for it. */
  retryAt: number | undefined;

  readonly #url: string;
  readonly #protocols: string[];
  readonly #WebSocket: WebSocketConstructor;
  readonly #events: ConnectionEvents;
  readonly #timing: Timing;
  readonly #pending = new Map<string, Pending>();
  #socket: WebSocketLike | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #lastId = 0;

  constructor(
    address: { url: string; token: string | undefined; WebSocket: WebSocketConstructor },
    events: ConnectionEvents,
    timing: Timing,
  ) {
    this.#url = address.url;
    this.#protocols = address.token ? ["parlor.v1", `token.${address.token}`] : [];
    this.#WebSocket = address.WebSocket;
    this.#events = events;
    this.#timing = timing;
  }

  /** Opens unless it is open or about to. */
  connect(): void {
    if (this.state === "closed") this.#open();
  }

  /** Ends the wait between two attempts. */
  retryNow(): void {
    if (this.state !== "waiting") return;
    this.#attempt = 0;
    this.#open();
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

  /** Sends a frame and calls `done` once: with its answer, with the refusal, or when none came in time. */
  request<Request extends Requests>(frame: Request, done: (answer: Answer<Request> | ParlorError) => void): void {
    if (this.state !== "open") {
      done(disconnected());
      return;
    }
    const id = frame.id ?? String(++this.#lastId);
    clearTimeout(this.#pending.get(id)?.timer);
    const timer = setTimeout(() => {
      this.#answer(id, new ParlorError("timeout", "Parlor did not answer in time: try again.", true));
    }, this.#timing.answerMs);
    this.#pending.set(id, { done: done as Pending["done"], timer });
    this.notify({ ...frame, id });
  }

  /** Sends a frame that has no answer. */
  notify(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  #open(): void {
    clearTimeout(this.#timer);
    this.retryAt = undefined;
    const socket = new this.#WebSocket(this.#url, this.#protocols);
    this.#socket = socket;
    const current = () => this.#socket === socket;
    socket.addEventListener("open", () => {
      if (current()) this.#opened();
    });
    socket.addEventListener("message", ({ data }) => {
      if (current()) this.#receive(data);
    });
    socket.addEventListener("close", () => {
      if (current()) this.reconnect();
    });
    // `close` follows each error; but the socket of `ws` throws where nobody listens.
    socket.addEventListener("error", () => {});
    this.#timer = setTimeout(() => this.reconnect(), this.#timing.answerMs);
    this.#become("connecting");
  }

  #opened(): void {
    clearTimeout(this.#timer);
    this.#become("open");
    this.#events.opened();
  }

  #receive(data: unknown): void {
    const frame = parse(data);
    if (!frame) return;
    this.#attempt = 0;
    if (frame.type === "error") {
      if (frame.id) this.#answer(frame.id, new ParlorError(frame.code, frame.message, frame.retryable));
      if (frame.code === "connectionExpired") this.reconnect();
    } else if (frame.type === "message" || !("id" in frame) || !this.#answer(frame.id, frame)) {
      // The id of a `message` is its sender's, not that of a request.
      this.#events.received(frame);
    }
  }

  #answer(id: string, answer: ServerFrame | ParlorError): boolean {
    const pending = this.#pending.get(id);
    if (!pending) return false;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    pending.done(answer);
    return true;
  }

  /** Everything is as `prepare` leaves it before anyone is told: they may well ask for the next attempt at once. */
  #end(state: "waiting" | "closed", prepare: () => void): void {
    clearTimeout(this.#timer);
    const wasOpen = this.state === "open";
    const unanswered = [...this.#pending.keys()];
    const socket = this.#socket;
    this.#socket = undefined;
    this.state = state;
    prepare();
    socket?.close();
    if (wasOpen) this.#events.lost();
    for (const id of unanswered) this.#answer(id, disconnected());
    this.#events.stateChanged();
  }

  #become(state: ConnectionState): void {
    this.state = state;
    this.#events.stateChanged();
  }
}

function disconnected(): ParlorError {
  return new ParlorError("disconnected", "The connection to Parlor was lost: try again when it is back.", true);
}

/** API Gateway itself may send something else than the protocol's frames; that is not for us. */
function parse(data: unknown): ServerFrame | undefined {
  try {
    const frame = JSON.parse(String(data));
    return typeof frame?.type === "string" ? frame : undefined;
  } catch {
    return undefined;
  }
}
