// A small server that speaks the protocol over real sockets. Tests make it fail in the ways they need.

import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { digest } from "../src/digest.ts";
import {
  type Change,
  type ClientFrame,
  type ErrorCode,
  type LogEvent,
  type Message,
  type Notice,
  type Person,
  permissions,
  type Restriction,
  type Role,
  type RoomRules,
  type ServerFrame,
} from "../src/protocol.ts";

export interface Connection {
  readonly socket: WebSocket;
  readonly protocols: string[];
  readonly rooms: Set<string>;
  you: Person;
}

export interface TestRoom {
  epoch: string;
  seq: number;
  name: string;
  topic?: string;
  rules: RoomRules;
  /** By number. A number without an event is a void. */
  readonly events: Map<number, LogEvent>;
  /** The latest version of each message, by number. */
  readonly messages: Map<number, Message>;
}

type Extras = Pick<Message, "replyTo" | "mentions" | "mentionsRoom" | "quickReplies">;

type Refusal = Extract<ServerFrame, { type: "error" }>;

/** How somebody says something. `shown: false` loses its frame. */
type Saying = Extras & { shown?: boolean; from?: Person };
type ChangeKind = Extras & Pick<Change, "kind" | "emoji"> & { text?: string };

const someone: Person = { userId: "someone", name: "Someone" };

const retryable: readonly ErrorCode[] = ["unavailable", "connectionExpired", "rateLimited", "slowMode", "roomFull"];

/** The `retryAfterMs` of every `rateLimited` and `slowMode`. */
export const RETRY_AFTER_MS = 20_000;

export class TestServer {
  readonly rooms = new Map<string, TestRoom>();
  readonly connections = new Set<Connection>();
  /** All frames received, in order. */
  readonly frames: ClientFrame[] = [];
  /** Called first with each frame: `true` drops it, an error code or frame refuses it. */
  intercept: (frame: ClientFrame, connection: Connection) => boolean | ErrorCode | Refusal = () => false;
  /** What somebody is in every room. */
  roleOf: (person: Person) => Role = () => "member";
  /** Who is muted in every room, by user id. */
  readonly muted = new Map<string, Restriction>();
  /** Returns the frames that are sent in place of a frame. */
  outgoing: (frame: ServerFrame, connection: Connection) => ServerFrame[] = (frame) => [frame];
  /** The other people in a room. Rooms without an entry have no digest in pongs. */
  readonly others = new Map<string, Person[]>();
  /** The members of a conversation: their connections receive its frames without joining. */
  readonly members = new Map<string, Set<string>>();
  /** Their read markers, by room and user id. */
  readonly read = new Map<string, number>();
  /** Whether an attempt to connect with this token is refused with 403. */
  refuses: (token: string | undefined) => boolean = () => false;
  /** How far this server's clock is ahead, in milliseconds. */
  skewMs = 0;
  /** Most missed events after which a join goes on from `since`. */
  recoverable = 300;

  readonly #server: WebSocketServer;
  readonly #markers = new Map<string, number>();
  #guests = 0;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.options.verifyClient = ({ req }, done) => done(!this.refuses(tokenIn(protocolsOf(req))), 403);
    server.on("connection", (socket, request) => this.#accept(socket, protocolsOf(request)));
  }

  static async start(): Promise<TestServer> {
    const handleProtocols = () => "parlor.v1";
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, handleProtocols });
    await once(server, "listening");
    return new TestServer(server);
  }

  get now(): number {
    return Date.now() + this.skewMs;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Breaks all connections. */
  cut(): void {
    for (const { socket } of this.connections) socket.terminate();
  }

  room(id: string): TestRoom {
    const room = this.rooms.get(id) ?? {
      epoch: "e1",
      seq: 0,
      name: `Room ${id}`,
      rules: { passwordRequired: false, uniqueNames: false },
      events: new Map(),
      messages: new Map(),
    };
    this.rooms.set(id, room);
    return room;
  }

  /** Stores another person's message. `shown: false` loses its frame. */
  say(roomId: string, text: string, { shown = true, from = someone, ...extras }: Saying = {}): Message {
    const message = this.#append(roomId, from, `s${this.room(roomId).seq}`, text, extras);
    if (shown) this.broadcast({ type: "message", ...message });
    return message;
  }

  /** Stores a change of a message. `shown: false` loses its frame. */
  change(
    roomId: string,
    of: number,
    { kind, emoji, text, ...extras }: ChangeKind,
    { by = someone, shown = true } = {},
  ): Change {
    const room = this.room(roomId);
    const at = Date.now();
    const version = ++room.seq;
    const { reactions: before = [], ...unreacted } = room.messages.get(of) as Message;
    const { mentions, mentionsRoom, ...unmentioning } = unreacted;
    const message = kind === "edited" || kind === "deleted" ? { ...unmentioning, ...extrasOf(extras) } : unreacted;
    const about = { room: roomId, epoch: room.epoch, seq: version, of, kind, by, at };
    const others = before.flatMap((reaction) => {
      const userIds = reaction.userIds.filter((userId) => reaction.emoji !== emoji || userId !== by.userId);
      return userIds.length > 0 ? [{ ...reaction, userIds }] : [];
    });
    const now: Message = {
      ...message,
      version,
      ...(kind === "edited" && { text: text ?? "", editedAt: at }),
      ...(kind === "deleted" ? { text: "", deletedAt: at } : others.length > 0 && { reactions: others }),
    };
    if (kind === "reacted" && emoji) {
      const userIds = [...(others.find((reaction) => reaction.emoji === emoji)?.userIds ?? []), by.userId];
      now.reactions = [...others.filter((reaction) => reaction.emoji !== emoji), { emoji, userIds }];
    }
    room.messages.set(of, now);
    const change = { ...about, ...(emoji !== undefined && { emoji }), message: now };
    room.events.set(version, { type: "change", ...change });
    if (shown) this.broadcast({ type: "change", ...change });
    return change;
  }

  /** Renames the room, as its owner. `shown: false` loses the notice. */
  rename(roomId: string, name: string, { shown = true } = {}): Notice {
    this.room(roomId).name = name;
    return this.#notice(roomId, { kind: "renamed", name, at: this.now }, shown);
  }

  /** Changes the room's rules, as its owner. `shown: false` loses the notice. */
  changeRules(roomId: string, changes: Partial<RoomRules>, { shown = true, at = this.now } = {}): Notice {
    const room = this.room(roomId);
    room.rules = { ...room.rules, ...changes };
    return this.#notice(roomId, { kind: "rulesChanged", name: room.name, rules: room.rules, at }, shown);
  }

  /** Draws a number and stores nothing at it. */
  voidNumber(roomId: string): void {
    this.room(roomId).seq++;
  }

  broadcast(frame: Extract<ServerFrame, { room: string }>): void {
    const members = this.members.get(frame.room);
    for (const connection of this.connections) {
      if (members ? members.has(connection.you.userId) : connection.rooms.has(frame.room)) this.post(connection, frame);
    }
  }

  post(connection: Connection, frame: ServerFrame): void {
    for (const sent of this.outgoing(frame, connection)) connection.socket.send(JSON.stringify(sent));
  }

  /** Returns the received frames of one action. */
  received<Action extends ClientFrame["action"]>(action: Action): Extract<ClientFrame, { action: Action }>[] {
    return this.frames.filter((frame): frame is Extract<ClientFrame, { action: Action }> => frame.action === action);
  }

  #accept(socket: WebSocket, protocols: string[]): void {
    // The tokens "ada.1" and "ada.2" belong to the same person.
    const userId = tokenIn(protocols)?.split(".")[0];
    const you = { userId: userId ?? `guest-${++this.#guests}`, name: "Guest" };
    const connection: Connection = { socket, protocols, rooms: new Set(), you };
    this.connections.add(connection);
    socket.on("close", () => this.connections.delete(connection));
    socket.on("message", (data) => this.#receive(connection, JSON.parse(String(data))));
  }

  #receive(connection: Connection, frame: ClientFrame): void {
    this.frames.push(frame);
    const verdict = this.intercept(frame, connection);
    if (verdict === true) return;
    if (verdict !== false) {
      const refused = typeof verdict === "string" ? refusal(verdict) : verdict;
      this.post(connection, { ...refused, ...withId(frame) });
      return;
    }
    const reply = this.#reply(connection, frame);
    if (reply) this.post(connection, { ...reply, ...withId(frame) });
  }

  #reply(connection: Connection, frame: ClientFrame): ServerFrame | undefined {
    const { you, rooms } = connection;
    switch (frame.action) {
      case "join": {
        if (frame.name) connection.you = { ...you, name: frame.name };
        rooms.add(frame.room);
        return { type: "joined", ...this.#joined(frame, connection.you) };
      }
      case "leave":
        rooms.delete(frame.room);
        return { type: "left", room: frame.room, reason: "left" };
      case "send": {
        const { room = "" } = frame;
        const marker = `${room} ${you.userId} ${frame.id}`;
        const seq = this.#markers.get(marker) ?? this.#append(room, you, frame.id, frame.text, frame).seq;
        this.#markers.set(marker, seq);
        const message = this.room(room).messages.get(seq) as Message;
        this.broadcast({ type: "message", ...message });
        return { type: "ack", room: room, epoch: this.room(room).epoch, id: frame.id, seq, at: message.at };
      }
      case "edit":
      case "delete":
      case "react":
        return this.#changed(you, frame);
      case "history": {
        const { seq } = this.room(frame.room);
        const limit = frame.limit ?? 50;
        const from = frame.after !== undefined ? frame.after + 1 : Math.max(1, (frame.before ?? seq + 1) - limit);
        const to = frame.before !== undefined ? frame.before - 1 : Math.min(seq, from + limit - 1);
        return { type: "history", ...this.#page(frame.room, from, to) };
      }
      case "register":
        return { type: "registered", ...you, handle: frame.handle.replace(/^@/, "") };
      case "ping": {
        const tops = [...rooms].map((id) => {
          const { epoch, seq } = this.room(id);
          const others = this.others.get(id);
          const people = others && [connection.you, ...others];
          return [id, { epoch, seq, ...(people && { count: people.length, people: digest(people) }) }];
        });
        return { type: "pong", at: this.now, rooms: Object.fromEntries(tops) };
      }
      case "read": {
        const seq = frame.unread ? frame.seq - 1 : frame.seq;
        this.read.set(`${frame.room} ${you.userId}`, seq);
        const marker = { type: "read" as const, room: frame.room, userId: you.userId, seq };
        const others = [...this.connections].filter((other) => other !== connection && other.you.userId === you.userId);
        for (const other of others) this.post(other, marker);
        return marker;
      }
      case "typing":
        return undefined;
    }
  }

  #changed(you: Person, frame: Extract<ClientFrame, { action: "edit" | "delete" | "react" }>): ServerFrame {
    const { room, seq: of, id } = frame;
    const message = this.room(room).messages.get(of);
    if (!message || (frame.epoch ?? message.epoch) !== message.epoch) return refusal("messageNotFound");
    if (frame.action === "edit" && message.from.userId !== you.userId) return refusal("forbidden");
    const marker = `${room} ${you.userId} ${id}`;
    const seq = this.#markers.get(marker) ?? this.change(room, of, kindOf(frame), { by: you }).seq;
    this.#markers.set(marker, seq);
    return { type: "ack", room, epoch: this.room(room).epoch, id, seq, at: Date.now() };
  }

  #joined({ room: id, since }: Extract<ClientFrame, { action: "join" }>, you: Person) {
    const room = this.room(id);
    const recovered = since?.epoch === room.epoch && room.seq - since.seq <= this.recoverable;
    const from = recovered ? since.seq + 1 : Math.max(1, room.seq - 49);
    const people = [you, ...(this.others.get(id) ?? [])];
    const { name, topic, rules } = room;
    const role = this.roleOf(you);
    const muted = this.muted.get(you.userId);
    const isSilenced = role === "member" && (rules.locked || muted !== undefined);
    const about = { name, ...(topic !== undefined && { topic }), visibility: "unlisted" as const, at: this.now };
    return {
      ...about,
      ...rules,
      you,
      role,
      may: isSilenced ? [] : [...permissions[role]],
      ...(muted && { muted }),
      people,
      count: people.length,
      recovered,
      ...this.#page(id, from, room.seq),
    };
  }

  #page(id: string, from: number, to: number) {
    const { epoch, seq, events, messages } = this.room(id);
    const within = [...events.values()].filter((event) => event.seq >= from && event.seq <= to);
    const asTheyAre = within.map((event): LogEvent => {
      if (event.type === "message") return { type: "message", ...(messages.get(event.seq) as Message) };
      if (event.type !== "change") return event;
      const { message: _, ...change } = event;
      const last = within.findLast((other) => other.type === "change" && other.of === event.of);
      return event === last ? { ...change, message: messages.get(event.of) as Message } : change;
    });
    return { room: id, epoch, seq, from, to, events: asTheyAre };
  }

  /** Stores a notice about people. */
  notice(
    roomId: string,
    about: Pick<Notice, "kind" | "people" | "until"> & { name?: string; by?: Person },
    { shown = true } = {},
  ): Notice {
    return this.#notice(roomId, { at: this.now, name: this.room(roomId).name, ...about }, shown);
  }

  #notice(
    roomId: string,
    about: Pick<Notice, "kind" | "name" | "rules" | "people" | "until" | "at"> & { by?: Person },
    shown: boolean,
  ): Notice {
    const room = this.room(roomId);
    const notice: Notice = { room: roomId, epoch: room.epoch, seq: ++room.seq, by: someone, ...about };
    room.events.set(notice.seq, { type: "notice", ...notice });
    if (shown) this.broadcast({ type: "notice", ...notice });
    return notice;
  }

  #append(roomId: string, from: Person, id: string, text: string, extras: Extras = {}): Message {
    const room = this.room(roomId);
    const about = { room: roomId, epoch: room.epoch, seq: ++room.seq, id, from, text, at: Date.now() };
    const message = { ...about, ...extrasOf(extras) };
    room.messages.set(message.seq, message);
    room.events.set(message.seq, { type: "message", ...message });
    return message;
  }
}

function extrasOf({ replyTo, mentions, mentionsRoom, quickReplies }: Extras): Extras {
  const reply = replyTo !== undefined && { replyTo };
  const suggested = quickReplies && { quickReplies };
  return { ...reply, ...(mentions && { mentions }), ...(mentionsRoom && { mentionsRoom }), ...suggested };
}

function protocolsOf({ headers }: IncomingMessage): string[] {
  return (headers["sec-websocket-protocol"] ?? "").split(",").map((protocol) => protocol.trim());
}

function tokenIn(protocols: string[]): string | undefined {
  return protocols.find((protocol) => protocol.startsWith("token."))?.slice("token.".length);
}

function kindOf(frame: Extract<ClientFrame, { action: "edit" | "delete" | "react" }>): ChangeKind {
  if (frame.action === "edit") return { kind: "edited", text: frame.text, ...extrasOf(frame) };
  if (frame.action === "delete") return { kind: "deleted" };
  return { kind: frame.on ? "reacted" : "unreacted", emoji: frame.emoji };
}

export function refusal(code: ErrorCode): Refusal {
  const wait = (code === "rateLimited" || code === "slowMode") && { retryAfterMs: RETRY_AFTER_MS };
  return { type: "error", code, message: `refused: ${code}`, retryable: retryable.includes(code), ...wait };
}

function withId(frame: ClientFrame): { id?: string } {
  return frame.id === undefined ? {} : { id: frame.id };
}
