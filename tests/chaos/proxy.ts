// A WebSocket proxy on loopback between a client and the gateway, which does to connections and frames what its rules say.

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
  /** What happens to the connection of this number; nothing unless it says so. */
  opening?(connection: number): OpeningFault | undefined;
}

/** What happened: to a connection, or to a frame of it. Never holds a token or a text. */
export interface ProxyEntry {
  readonly connection: number;
  readonly happened: string;
  readonly direction?: Direction;
  readonly name?: string;
  readonly bytes?: number;
}

export class FaultProxy {
  rules: Rules = {};
  readonly log: ProxyEntry[] = [];
  /** Those whose two sockets are not both closed, by their number: the first connection is 1. */
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

  /** A proxy for the WebSocket address `target`. */
  static async start(target: string): Promise<FaultProxy> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FaultProxy(target, server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The connection asked for last, unless it was refused or is closed. */
  get newest(): Link | undefined {
    return this.links.get(this.#connections);
  }

  /** How many connections were asked for. */
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
    this.log.push({ connection, happened: fault ?? "open" });
    if (fault === "refuse") refuse(socket, 503);
    else if (fault === "reset") (socket as Socket).resetAndDestroy();
    else this.#connect(connection, request, socket, head);
  }

  #connect(connection: number, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const protocols = request.headers["sec-websocket-protocol"]?.split(",").map((protocol) => protocol.trim()) ?? [];
    const { search } = new URL(request.url ?? "", this.url);
    const upstream = new WebSocket(this.#target + search, protocols, { perMessageDeflate: false });
    const clientGone = () => upstream.terminate();
    socket.on("close", clientGone);
    upstream.on("error", () => refuse(socket, 502));
    upstream.on("unexpected-response", (_, { statusCode = 502 }) => {
      refuse(socket, statusCode);
      upstream.terminate();
    });
    upstream.on("open", () => {
      socket.off("close", clientGone);
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
        happened: (happened, frame) => this.#happened(connection, happened, frame),
        ended: () => this.links.delete(connection),
      },
    );
    this.links.set(connection, link);
  }

  #happened(connection: number, happened: string, frame?: Frame): void {
    this.log.push({
      connection,
      happened,
      ...(frame && { direction: frame.direction, name: frame.name, bytes: frame.bytes }),
    });
  }
}

function refuse(socket: Duplex, status: number): void {
  if (!socket.writable) return;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
