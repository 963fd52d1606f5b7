// The types that an application meets besides the wire's own.

import type { ParlorError } from "./errors.ts";
import type { Person, Reaction } from "./protocol.ts";

export interface ClientOptions {
  /** The WebSocket address of the stage, as in `config.json`. */
  readonly webSocketUrl: string;
  /** The HTTP address of the stage without a trailing slash; it ends in `/api`. */
  readonly apiUrl: string;
  /** Without it, each connection is a new guest. */
  readonly getToken?: GetToken;
  /** Defaults to the global `WebSocket`; Node before 22 has none and passes the one of `ws`. */
  readonly WebSocket?: WebSocketConstructor;
  /** Time between two pings in milliseconds; must be below 5 minutes, the lease of a connection. Defaults to 120,000. */
  readonly heartbeatMs?: number;
}

/**
 * Asked for the token at each connection and each request that needs one, so it may be a short-lived one: of a guest
 * (`ParlorApi.createSession`) or of the stage's identity provider. A rejection is like a connection that fails: it is
 * tried again. `undefined` is a new guest, except in answer to `refused`.
 */
export type GetToken = (request: TokenRequest) => Promise<string | undefined>;

export interface TokenRequest {
  /** The token that the server no longer accepts: answer with another one, or with `undefined` if there is none. */
  readonly refused?: string;
}

/**
 * `waiting` is the time between two attempts to connect. `refused`: the server does not accept the token, and the
 * application has no other; `checkNow` and `join` try again.
 */
export type ConnectionState = "connecting" | "open" | "waiting" | "refused" | "closed";

/** What is used of a WebSocket, so that a browser's and that of `ws` both fit. */
export interface WebSocketLike {
  send(data: string): void;
  close(): void;
  addEventListener(type: "open" | "close" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

/** How a message that one sends is identified; only a message kept from an earlier page needs it. */
export interface SendOptions {
  /** Unique; random unless given. For 24 hours, the same id from the same person is the same message. */
  readonly id?: string;
  /** When it was written, in milliseconds since 1970; now unless given. */
  readonly at?: number;
  /** When it was first sent, if it was, in milliseconds since 1970. It is not sent again after 23 hours. */
  readonly triedAt?: number;
}

/** What happened to a message that one sends. */
export interface Delivery {
  readonly id: string;
  /** `trying`: it is sent for the first time, and may arrive from now on. `failed`: `error` says why. */
  readonly status: "trying" | "sent" | "failed";
  readonly error?: ParlorError;
}

/** A message as a room shows it. It is never changed in place: what changed is a new object. */
export interface RoomMessage {
  readonly id: string;
  readonly from: Person;
  readonly text: string;
  /** Milliseconds since 1970; the server's time once it is sent, this machine's before. */
  readonly at: number;
  /** Said by this client's person. */
  readonly own: boolean;
  readonly status: "pending" | "sent" | "failed";
  /** Its number in the room's log, once it is sent. */
  readonly seq?: number;
  /** The log that `seq` counts in, once it is sent: after a room was cleared, the same number is another message. */
  readonly epoch?: string;
  /** When its text was last changed. */
  readonly editedAt?: number;
  /** When it was deleted; its text is then empty. */
  readonly deletedAt?: number;
  /** In the order in which their emoji first came. */
  readonly reactions: readonly Reaction[];
  /** Why it failed. */
  readonly error?: ParlorError;
}
