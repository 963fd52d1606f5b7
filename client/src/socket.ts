// One WebSocket. Opens within a time limit or fails, pairs each answer with its request, and passes on other frames.

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
  /** A frame came, of whatever kind. */
  frameReceived(): void;
  /** A frame came that answers no request. */
  received(frame: ServerFrame): void;
  /** What was answered before is refused after all. */
  rejected(id: string, error: ParlorError): void;
  /** The socket did not open, or has closed. The owner then calls `end`. */
  failed(reason?: unknown): void;
}

export interface PendingRequest {
  readonly frame: ClientFrame & { id: string };
  readonly done: (answer: ServerFrame | ParlorError) => void;
}

export class Socket {
  wasOpen = false;
  /** The token that it was opened with; undefined for a guest without one. */
  token: string | undefined;
  #socket: WebSocketLike | undefined;
  readonly #events: SocketEvents;
  readonly #answerMs: number;
  readonly #pending = new Map<string, PendingRequest & { readonly timer: ReturnType<typeof setTimeout> }>();
  readonly #opening: ReturnType<typeof setTimeout>;
  #ended = false;

  constructor(address: Address, token: Promise<string | undefined>, events: SocketEvents, { answerMs }: Timing) {
    this.#events = events;
    this.#answerMs = answerMs;
    this.#opening = setTimeout(() => events.failed(), answerMs);
    // The constructor of a WebSocket throws if the token cannot be a subprotocol. That fails like a refused token.
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
    // `close` follows every error, but the socket of `ws` throws an error that has no listener.
    socket.addEventListener("error", () => {});
  }

  /** Sends a frame and calls `done` once: with its answer, the refusal, or `timeout`. Not at all after `end`. */
  request(frame: PendingRequest["frame"], done: PendingRequest["done"]): void {
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

  /** Closes the socket and calls no event from now on. Returns the requests without an answer. */
  end(): PendingRequest[] {
    this.#ended = true;
    clearTimeout(this.#opening);
    const pending = [...this.#pending.values()];
    for (const { timer } of pending) clearTimeout(timer);
    this.#pending.clear();
    this.#socket?.close();
    return pending;
  }

  #receive(data: unknown): void {
    const frame = parse(data);
    if (!frame) return;
    this.#events.frameReceived();
    if (frame.type === "error") {
      const { code, message, retryable, retryAfterMs, id } = frame;
      const error = new ParlorError(code, message, retryable, retryAfterMs, frame);
      if (id && !this.#answer(id, error)) this.#events.rejected(id, error);
      if (code === "connectionExpired" && !this.#ended) this.#events.failed();
    } else if (frame.type === "message" || !("id" in frame) || !this.#answer(frame.id, frame)) {
      // The id of a `message` is its sender's, never that of a request here.
      this.#events.received(frame);
    }
  }

  /** Returns whether a request was waiting for the answer. */
  #answer(id: string, answer: ServerFrame | ParlorError): boolean {
    const pending = this.#pending.get(id);
    if (!pending) return false;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    pending.done(answer);
    return true;
  }
}

/** Returns undefined for frames without a `type`: API Gateway sends some of its own. */
function parse(data: unknown): ServerFrame | undefined {
  try {
    const frame = JSON.parse(String(data));
    return typeof frame?.type === "string" ? frame : undefined;
  } catch {
    return undefined;
  }
}
