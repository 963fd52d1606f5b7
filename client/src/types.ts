// The types of the client's own interface. Types of the wire, such as Person, are in protocol.ts.

import type { ParlorError } from "./errors.ts";
import type { Mentions } from "./mentions.ts";
import type {
  Change,
  Draft,
  Notice,
  Person,
  Position,
  Presence,
  QuickReply,
  Reaction,
  Restriction,
} from "./protocol.ts";

export interface ClientOptions {
  /** The stage's WebSocket address, `webSocketUrl` in its `config.json`. */
  readonly webSocketUrl: string;
  /** The stage's HTTP address, `apiUrl` in its `config.json`. Ends in `/api`, without a trailing slash. */
  readonly apiUrl: string;
  /** Without it, each connection is a new guest. */
  readonly getToken?: GetToken;
  /** Defaults to the global `WebSocket`. Node before version 22 has none: pass the one of `ws`. */
  readonly WebSocket?: WebSocketConstructor;
  /** Time between two pings, in milliseconds. Must be shorter than a connection's lease of 5 minutes. Defaults to 120,000. */
  readonly heartbeatMs?: number;
}

/**
 * Returns the token of a guest (`ParlorApi.createSession`) or of the stage's identity provider. The client calls it before
 * each connection and each request that needs a token, so tokens may be short-lived. Return `undefined` to connect as a new
 * guest, except in answer to `refused`: then it means that there is no other token. A rejection counts as a failed connection, which is retried.
 */
export type GetToken = (request: TokenRequest) => Promise<string | undefined>;

export interface TokenRequest {
  /** The token that the server no longer accepts. Return another one, or `undefined` if there is none. */
  readonly refused?: string;
  /** The request may do without a token: return one only if there is one already. */
  readonly isOptional?: boolean;
}

/**
 * - `closed`: not connected, and not trying. The state at first, and after `ParlorClient.close`.
 * - `connecting`: an attempt to connect is running.
 * - `open`: connected.
 * - `waiting`: between two attempts; `ParlorClient.retryAt` tells when the next one is due.
 * - `refused`: the server does not accept the token, and the application has no other. `ParlorClient.checkNow` and `join`
 *   try again.
 */
export type ConnectionState = "connecting" | "open" | "waiting" | "refused" | "closed";

/** The part of a WebSocket that the client uses. A browser's WebSocket and that of `ws` both have it. */
export interface WebSocketLike {
  send(data: string): void;
  close(): void;
  addEventListener(type: "open" | "close" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

export type ClientEvents = {
  /** The state of the connection has changed. */
  state: [state: ConnectionState];
  /** A moderator rejected the message of yours with this id, which had been `held`. */
  rejected: [id: string, error: ParlorError];
};

export type RoomEvents = {
  /** Anything that the room shows has changed. */
  change: [];
  /** A message arrived after the room was joined; also your own. In order, each once. */
  message: [message: RoomMessage];
  /** A message was edited or deleted, or a reaction was added or removed. In order, each once. */
  changed: [change: Change];
  /** One of your own messages was tried, sent, or failed. Leaving the room fails messages without this event. */
  delivery: [delivery: Delivery];
  /** The room was renamed, its rules changed, it was cleared or closed, or somebody was moderated. In order, each once. */
  notice: [notice: Notice];
  /** People joined, left or changed their name. */
  presence: [presence: Presence];
  /** What a bot has written so far of an answer. `BotDrafts` keeps the current ones. */
  draft: [draft: Draft];
  /** Too many events were missed: `messages` starts again with the newest page. Your own pending messages are kept. */
  discontinuity: [];
  /** The room has ended for this client, for good. To come back, call `ParlorClient.join` again. */
  left: [reason: LeaveReason, restriction: Restriction];
};

/**
 * Why a room ended for this client: `left` (the application left or closed the client), `closed` (the room was closed, or
 * ended while this client was away), `expired` (its end has come), `idle` (nothing happened in it for 24 hours), `ownerAway`
 * (its owner was away too long), `kicked` (a moderator removed this person, who may join again), `banned` (they may not:
 * until when, and why, is with the event), `notMember` (this person was removed from the conversation, or has left it),
 * `passRequired` (its password has changed), another error code with which the server refused to let the client back in,
 * or a reason of a later server. Treat a reason that you do not know as final.
 */
export type LeaveReason =
  | "left"
  | "closed"
  | "expired"
  | "idle"
  | "ownerAway"
  | "kicked"
  | "banned"
  | "notMember"
  | "passRequired"
  | (string & {});

export type ConversationsEvents = {
  /** The list, or anything in it, has changed. */
  change: [];
};

export interface JoinOptions {
  /** 1–32 characters. */
  readonly name?: string;
  /** Required if the room has a password. */
  readonly pass?: string;
  /**
   * Where this person stopped reading. If at most 300 events have followed, the room's log starts right after it, perhaps
   * empty; otherwise with the newest page. `Room.loadOlder` brings what is before. Only the first join takes it.
   */
  readonly since?: LogPosition;
}

/** A number in a log of a room. Numbers of another epoch mean nothing. */
export interface LogPosition {
  readonly epoch: string;
  readonly seq: number;
}

/** Names a message of a room. A `RoomMessage` fits; one that is not sent yet cannot be changed. */
export type MessageRef = Pick<RoomMessage, "epoch" | "seq">;

export interface SendOptions extends Mentions {
  /** The message that this one answers. If the room was cleared since, it fails with `messageNotFound`. */
  readonly replyTo?: Position;
  /**
   * 1–64 characters; random by default. For 24 hours, or until the room is cleared, the same id from the same person in a room
   * is the same message.
   */
  readonly id?: string;
  /** When it was written, in milliseconds since 1970. Defaults to now. Only for a message that was stored earlier. */
  readonly at?: number;
  /**
   * When it was first sent, in milliseconds since 1970, if it was. Only for a message that was stored earlier. The message
   * fails 23 hours later, because the server might have forgotten its id and would store it twice.
   */
  readonly triedAt?: number;
}

/** The outcome of sending a message. */
export interface Delivery {
  readonly id: string;
  /** `trying`: it is sent for the first time, and may arrive from now on. `failed`: `error` tells why. */
  readonly status: "trying" | "sent" | "failed";
  readonly error?: ParlorError;
}

/** A message as a room shows it. Immutable: a change makes a new object. */
export interface RoomMessage {
  readonly id: string;
  readonly from: Person;
  /** Empty if the message was deleted. */
  readonly text: string;
  /** In milliseconds since 1970: the server's time once the message is sent, this machine's before. */
  readonly at: number;
  /** The message that it answers. It may be deleted, or the number may hold no message at all. */
  readonly replyTo?: Position;
  /** The people whom the text mentions, by `userId`. */
  readonly mentions: readonly string[];
  /** Whether the text mentions everyone in the room. */
  readonly mentionsRoom: boolean;
  /** Answers that a bot suggests. */
  readonly quickReplies?: readonly QuickReply[];
  /** Whether this client's person wrote it. */
  readonly own: boolean;
  readonly status: "pending" | "sent" | "failed";
  /** The message's number in the log, once it is sent. */
  readonly seq?: number;
  /** The log that `seq` belongs to, once it is sent. In another epoch, the same number is another message. */
  readonly epoch?: string;
  /** When the text was last edited, in milliseconds since 1970. */
  readonly editedAt?: number;
  /** When it was deleted, in milliseconds since 1970. */
  readonly deletedAt?: number;
  /** In the order in which their emoji first came. */
  readonly reactions: readonly Reaction[];
  /** Why it failed. */
  readonly error?: ParlorError;
}
