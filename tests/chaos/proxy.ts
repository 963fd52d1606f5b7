// A WebSocket proxy on loopback between a client and the gateway. Its rules decide the faults of connections and frames.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { type Direction, type Frame, Link, type LinkRules } from "./link.ts";

export type { Direction, Frame, FrameFault } from "./link.ts";

/** `refuse` answers with HTTP 503, `reset` with a TCP reset. */
export type OpeningFault = "refuse" | "reset";

export interface Rules extends LinkRules {
  /** Returns the fault of the connection with this number; without one it opens. */
  opening?(connection: number): OpeningFault | undefined;
}

/** The outcome of a connection or of one of its frames. Never contains a token or a text. */
export interface ProxyEntry {
  readonly connection: number;
  readonly outcome: string;
  readonly direction?: Direction;
  readonly name?: string;
  readonly bytes?: number;
}

/** What may be observed of the gateway's side, before any fault of a frame. */
export interface Tap {
  opened?(connection: number): void;
  posted?(connection: number, text: string): void;
}

export class FaultProxy {
  rules: Rules = {};
  readonly log: ProxyEntry[] = [];
  tap: Tap = {};
  /** Connections whose sockets are not both closed, by number from 1. */
  readonly links = new Map<number, Link>();
  readonly #target: string;
  readonly #server: Server;
  /** The subprotocol that the gateway chose. */
  readonly #chosen = new WeakMap<IncomingMessage, string>();
  readonly #upgrades = new WebSocketServer({
    noServer: true,
    handleProtocols: (_, request) => this.#chosen.get(request) || false,
  });
  #connections = 0;

  private constructor(target: string, server: Server) {
    this.#target = target;
    this.#server = server;
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Starts a proxy for the WebSocket address `target`. */
  static async start(target: string): Promise<FaultProxy> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FaultProxy(target, server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The newest connection, unless it was refused or is closed. */
  get newest(): Link | undefined {
    return this.links.get(this.#connections);
  }

  /** How many connections were attempted. */
  get connections(): number {
    return this.#connections;
  }

  async stop(): Promise<void> {
    for (const link of this.links.values()) link.cut();
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await once(this.#server, "close");
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const connection = ++this.#connections;
    socket.on("error", () => {});
    const fault = this.rules.opening?.(connection);
    this.log.push({ connection, outcome: fault ?? "open" });
    if (fault === "refuse") refuse(socket, 503);
    else if (fault === "reset") (socket as Socket).resetAndDestroy();
    else this.#connect(connection, request, socket, head);
  }

  #connect(connection: number, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const protocols = request.headers["sec-websocket-protocol"]?.split(",").map((protocol) => protocol.trim()) ?? [];
    const { search } = new URL(request.url ?? "", this.url);
    const upstream = new WebSocket(this.#target + search, protocols, { perMessageDeflate: false });
    const onClientGone = () => upstream.terminate();
    socket.on("close", onClientGone);
    upstream.on("error", () => refuse(socket, 502));
    upstream.on("unexpected-response", (_, { statusCode = 502 }) => {
      refuse(socket, statusCode);
      upstream.terminate();
    });
    upstream.on("open", () => {
      socket.off("close", onClientGone);
      this.#chosen.set(request, upstream.protocol);
      this.#upgrades.handleUpgrade(request, socket, head, (client) => this.#link(connection, client, upstream));
    });
  }

  #link(connection: number, client: WebSocket, gateway: WebSocket): void {
    const link = new Link(
      connection,
      { up: client, down: gateway },
      {
        rules: () => this.rules,
        posted: (text) => this.tap.posted?.(connection, text),
        outcome: (outcome, frame) => this.#record(connection, outcome, frame),
        ended: () => this.links.delete(connection),
      },
    );
    this.links.set(connection, link);
    this.tap.opened?.(connection);
  }

  #record(connection: number, outcome: string, frame?: Frame): void {
    this.log.push({
      connection,
      outcome,
      ...(frame && { direction: frame.direction, name: frame.name, bytes: frame.bytes }),
    });
  }
}

function refuse(socket: Duplex, status: number): void {
  if (!socket.writable) return;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
