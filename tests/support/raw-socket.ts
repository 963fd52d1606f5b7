// A WebSocket without the client: it sends anything, and queues frames until a test reads them.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type ClientOptions, WebSocket } from "ws";
import type { ClientFrame, ServerFrame } from "../../client/src/protocol.ts";
import { WAIT_LIMIT_MS } from "./until.ts";

type Frame<Type extends ServerFrame["type"]> = Extract<ServerFrame, { type: Type }>;

/** Any frame, valid or not. */
export interface AnyFrame {
  readonly action: string;
  readonly id?: string | undefined;
  readonly [field: string]: unknown;
}

interface Waiter {
  matches(frame: ServerFrame): boolean;
  resolve(frame: ServerFrame): void;
}

export class RawSocket {
  /** The code it closed with, once it has. */
  closeCode: number | undefined;
  readonly protocol: string;
  readonly #socket: WebSocket;
  readonly #waiters = new Set<Waiter>();
  #unread: ServerFrame[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.protocol = socket.protocol;
    socket.on("message", (data) => this.#receive(JSON.parse(String(data))));
    socket.on("close", (code) => {
      this.closeCode = code;
    });
    socket.on("error", () => {});
  }

  /** Rejects if the server refuses the connection; the error names the HTTP status. */
  static async open(url: string, protocols: string[], options: ClientOptions): Promise<RawSocket> {
    const socket = new WebSocket(url, protocols, options);
    await once(socket, "open");
    return new RawSocket(socket);
  }

  send(frame: ClientFrame): void {
    this.sendRaw(JSON.stringify(frame));
  }

  sendRaw(data: string | Buffer): void {
    this.#socket.send(data);
  }

  /** Sends a frame, with a new `id` unless it has one. Resolves with its answer or error. */
  request(frame: AnyFrame): Promise<ServerFrame> {
    const id = frame.id ?? randomUUID();
    this.sendRaw(JSON.stringify({ ...frame, id }));
    // The message that everyone in the room receives has the id too.
    const isAnswer = (answer: ServerFrame) => answer.type !== "message" && "id" in answer && answer.id === id;
    return this.#first(`the answer to ${frame.action}`, isAnswer);
  }

  /** Resolves with the first unread frame of this type for which `matches` holds. */
  next<Type extends ServerFrame["type"]>(
    type: Type,
    matches: (frame: Frame<Type>) => boolean = () => true,
    limitMs: number = WAIT_LIMIT_MS,
  ): Promise<Frame<Type>> {
    const isMatch = (frame: ServerFrame) => frame.type === type && matches(frame as Frame<Type>);
    return this.#first(`a frame of type ${type}`, isMatch, limitMs) as Promise<Frame<Type>>;
  }

  /** The frames that were received and not read. */
  get unread(): readonly ServerFrame[] {
    return this.#unread;
  }

  /** Reads all unread frames. */
  takeUnread(): ServerFrame[] {
    const unread = this.#unread;
    this.#unread = [];
    return unread;
  }

  /** Ends the connection without a close frame, as a lost network does. */
  terminate(): void {
    this.#socket.terminate();
  }

  close(): void {
    this.#socket.close();
  }

  #first(
    what: string,
    matches: (frame: ServerFrame) => boolean,
    limitMs: number = WAIT_LIMIT_MS,
  ): Promise<ServerFrame> {
    const unread = this.#unread.find(matches);
    if (unread) {
      this.#unread = this.#unread.filter((frame) => frame !== unread);
      return Promise.resolve(unread);
    }
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new Error(`Gave up after ${limitMs / 1000} s waiting for ${what}.`));
      }, limitMs);
      const waiter: Waiter = {
        matches,
        resolve: (frame) => {
          clearTimeout(limit);
          resolve(frame);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  #receive(frame: ServerFrame): void {
    for (const waiter of this.#waiters) {
      if (!waiter.matches(frame)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(frame);
      return;
    }
    this.#unread.push(frame);
  }
}
