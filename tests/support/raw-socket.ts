// A WebSocket without the client: sends anything, and keeps what comes until it is asked for.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type ClientOptions, WebSocket } from "ws";
import type { ClientFrame, ServerFrame } from "../../client/src/protocol.ts";
import { LIMIT_MS } from "./until.ts";

type Frame<Type extends ServerFrame["type"]> = Extract<ServerFrame, { type: Type }>;

/** A frame that a client may not send. */
export interface AnyFrame {
  readonly action: string;
  readonly id?: string | undefined;
  readonly [field: string]: unknown;
}

interface Reader {
  fits(frame: ServerFrame): boolean;
  take(frame: ServerFrame): void;
}

export class RawSocket {
  /** Why it closed, once it has. */
  closeCode: number | undefined;
  readonly protocol: string;
  readonly #socket: WebSocket;
  readonly #readers = new Set<Reader>();
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

  /** Rejects when the server refuses; the error names the HTTP status. */
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

  /** Sends a frame, with a new `id` unless it has one, and resolves with the answer or the error. */
  ask(frame: AnyFrame): Promise<ServerFrame> {
    const id = frame.id ?? randomUUID();
    this.sendRaw(JSON.stringify({ ...frame, id }));
    // A message has the id too, for everyone in the room.
    const isIt = (answer: ServerFrame) => answer.type !== "message" && "id" in answer && answer.id === id;
    return this.#first(`the answer to ${frame.action}`, isIt);
  }

  /** The first frame of this type that was not read yet and fits. */
  next<Type extends ServerFrame["type"]>(
    type: Type,
    fits: (frame: Frame<Type>) => boolean = () => true,
  ): Promise<Frame<Type>> {
    const isIt = (frame: ServerFrame) => frame.type === type && fits(frame as Frame<Type>);
    return this.#first(`a frame of type ${type}`, isIt) as Promise<Frame<Type>>;
  }

  /** What came and was not read. */
  get unread(): readonly ServerFrame[] {
    return this.#unread;
  }

  /** Takes out what came and was not read. */
  takeUnread(): ServerFrame[] {
    const unread = this.#unread;
    this.#unread = [];
    return unread;
  }

  /** Ends it as a lost network does, without a closing handshake. */
  die(): void {
    this.#socket.terminate();
  }

  close(): void {
    this.#socket.close();
  }

  #first(what: string, fits: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
    const unread = this.#unread.find(fits);
    if (unread) {
      this.#unread = this.#unread.filter((frame) => frame !== unread);
      return Promise.resolve(unread);
    }
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#readers.delete(reader);
        reject(new Error(`Gave up after ${LIMIT_MS / 1000} s waiting for ${what}.`));
      }, LIMIT_MS);
      const reader: Reader = {
        fits,
        take: (frame) => {
          clearTimeout(limit);
          resolve(frame);
        },
      };
      this.#readers.add(reader);
    });
  }

  #receive(frame: ServerFrame): void {
    for (const reader of this.#readers) {
      if (!reader.fits(frame)) continue;
      this.#readers.delete(reader);
      reader.take(frame);
      return;
    }
    this.#unread.push(frame);
  }
}
