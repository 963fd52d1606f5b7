// One socket: opens in time or ends, pairs each answer with its request, and tells what else comes.

import { ParlorError } from "./errors.ts";
import type { ClientFrame, ServerFrame } from "./protocol.ts";
import type { Timing } from "./timing.ts";
import type { WebSocketConstructor, WebSocketLike } from "./types.ts";

export interface Address {
  readonly url: string;
  readonly WebSocket: WebSocketConstructor;
}

export interface SocketEvents {
  opened(): void;
  /** Anything came. */
  heard(): void;
  /** What is not an answer to a request. */
  received(frame: ServerFrame): void;
  /** It is of no use any more, for this reason if there is one; the owner then ends it. */
  failed(reason?: unknown): void;
}

export interface Unanswered {
  readonly frame: ClientFrame & { id: string };
  readonly done: (answer: ServerFrame | ParlorError) => void;
}

export class Socket {
  /** Whether it has ever been open. */
  wasOpen = false;
  /** What proves who is at this end, if anything does. */
  token: string | undefined;
  #socket: WebSocketLike | undefined;
  readonly #events: SocketEvents;
  readonly #answerMs: number;
  readonly #pending = new Map<string, Unanswered & { readonly timer: ReturnType<typeof setTimeout> }>();
  readonly #opening: ReturnType<typeof setTimeout>;
  #ended = false;

  constructor(address: Address, token: Promise<string | undefined>, events: SocketEvents, { answerMs }: Timing) {
    this.#events = events;
    this.#answerMs = answerMs;
    this.#opening = setTimeout(() => events.failed(), answerMs);
    // A token that cannot be a subprotocol throws: it is like one that is refused.
    token
      .then((known) => {
        if (!this.#ended) this.#open(address, known);
      })
      .catch((reason: unknown) => {
        if (!this.#ended) events.failed(reason);
      });
  }

  #open({ url, WebSocket }: Address, token: string | undefined): void {
    this.token = token;
    const socket = new WebSocket(url, token === undefined ? [] : ["parlor.v1", `token.${token}`]);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      clearTimeout(this.#opening);
      this.wasOpen = true;
      if (!this.#ended) this.#events.opened();
    });
    socket.addEventListener("message", ({ data }) => {
      if (!this.#ended) this.#receive(data);
    });
    socket.addEventListener("close", () => {
      if (!this.#ended) this.#events.failed();
    });
    // `close` follows each error; but the socket of `ws` throws where nobody listens.
    socket.addEventListener("error", () => {});
  }

  /** Sends a frame and calls `done` once: with its answer, with the refusal, or when none came in time. */
  request(frame: Unanswered["frame"], done: Unanswered["done"]): void {
    const { id } = frame;
    clearTimeout(this.#pending.get(id)?.timer);
    const timer = setTimeout(() => {
      this.#answer(id, new ParlorError("timeout", "Parlor did not answer in time: try again.", true));
    }, this.#answerMs);
    this.#pending.set(id, { frame, done, timer });
    this.notify(frame);
  }

  /** Sends a frame that has no answer. */
  notify(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  /** Nothing is told from here on; the requests without an answer are the caller's. */
  end(): Unanswered[] {
    this.#ended = true;
    clearTimeout(this.#opening);
    const unanswered = [...this.#pending.values()];
    for (const { timer } of unanswered) clearTimeout(timer);
    this.#pending.clear();
    this.#socket?.close();
    return unanswered;
  }

  #receive(data: unknown): void {
    const frame = parse(data);
    if (!frame) return;
    this.#events.heard();
    if (frame.type === "error") {
      const { code, message, retryable, retryAfterMs, id } = frame;
      if (id) this.#answer(id, new ParlorError(code, message, retryable, retryAfterMs));
      if (code === "connectionExpired" && !this.#ended) this.#events.failed();
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
