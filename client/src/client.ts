// The entry point: one connection to a stage, the rooms joined over it, and the heartbeat that keeps them joined.

import { ParlorApi } from "./api.ts";
import { Connection, type SendRequest } from "./connection.ts";
import { Credentials } from "./credentials.ts";
import { Emitter } from "./emitter.ts";
import { ParlorError } from "./errors.ts";
import { Heartbeat } from "./heartbeat.ts";
import { isLogEvent } from "./log.ts";
import type { Pong, Profile, ServerFrame } from "./protocol.ts";
import { Room } from "./room.ts";
import { ServerClock } from "./server-clock.ts";
import { Staggered } from "./staggered.ts";
import { timing as defaultTiming, type Timing } from "./timing.ts";
import type { ClientEvents, ClientOptions, ConnectionState, JoinOptions } from "./types.ts";

/** Something other than a room that follows the connection's state. A class of its own, so that applications without it do not load it. */
export interface Follower {
  connected(): void;
  disconnected(): void;
  received(frame: ServerFrame): void;
}

export interface Followed {
  readonly connection: Connection;
  readonly timing: Timing;
  isJoined(room: string): boolean;
}

export class ParlorClient extends Emitter<ClientEvents> {
  /** The HTTP API of the same stage, with the same tokens. */
  readonly api: ParlorApi;
  readonly #connection: Connection;
  readonly #rooms = new Map<string, Room>();
  /** During a changeover: the rooms already joined over the next socket, and the name under which they were joined. */
  readonly #joinedOver = new Map<Room, string>();
  readonly #heartbeat: Heartbeat;
  readonly #clock = new ServerClock();
  readonly #timing: Timing;
  readonly #followers: Follower[] = [];
  readonly #staggered: Staggered<Room>;
  /** When the connection was last checked, in milliseconds since 1970. */
  #checkedAt = 0;

  constructor(options: ClientOptions, /** @internal */ timing = defaultTiming) {
    super();
    const { apiUrl, getToken = async () => undefined } = options;
    this.api = new ParlorApi(apiUrl, getToken);
    this.#timing = timing;
    this.#connection = new Connection(
      { url: options.webSocketUrl, WebSocket: options.WebSocket ?? globalThis.WebSocket },
      new Credentials(getToken, (token) => isRefused(apiUrl, token)),
      {
        stateChanged: () => this.emit("state", this.state),
        opened: () => this.#opened(),
        lost: () => this.#lost(),
        silent: () => this.#heartbeat.check(),
        refused: (error) => this.#refused(error),
        received: (frame, fromNext) => this.#received(frame, fromNext),
        rejected: (id, error) => this.emit("rejected", id, error),
        joinAll: (request, done) => this.#joinAll(request, done),
      },
      timing,
    );
    this.#staggered = new Staggered((room) => {
      if (!room.joined) room.session.connectionOpened();
    }, timing.staggerMs);
    const intervalMs = options.heartbeatMs ?? timing.heartbeatMs;
    this.#heartbeat = new Heartbeat(this.#connection, () => this.#pinged(), intervalMs, timing);
  }

  /** @internal Lets a follower learn of connections and of all frames. */
  follow(follower: Follower): Followed {
    this.#followers.push(follower);
    return { connection: this.#connection, timing: this.#timing, isJoined: (room) => this.#rooms.has(room) };
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** When the next attempt to connect is due, in milliseconds since 1970. Undefined unless `state` is `waiting`. */
  get retryAt(): number | undefined {
    return this.#connection.retryAt;
  }

  /**
   * Joins a room, and connects first if needed. Joining the same room again returns the same object, under the new name if
   * one is given. Without a name, the person's own counts: the token's, or `Guest` and four digits.
   *
   * A room with a password needs a pass (`ParlorApi.createPass`). It is kept for every later join of the room: give another one
   * when the password changes. A rejoin whose pass is no longer valid ends the room with the reason `passRequired`.
   *
   * A conversation is joined like a room, by its members, to show its log; messages also come to `Conversations` without that.
   *
   * Rejects with a ParlorError if the server refuses: `roomNotFound`, `roomClosed`, `roomFull`, `passRequired`, `banned`,
   * `nameTaken`, `tooManyRooms`, `invalidField` (the name), `unauthorized`, `unavailable`; with `timeout` if it does not answer. Waits,
   * without a time limit, while there is no connection or a rate is exceeded.
   */
  async join(roomId: string, { name, pass, since }: JoinOptions = {}): Promise<Room> {
    const known = this.#rooms.get(roomId);
    const room = known ?? new Room(roomId, this.#connection, this.#clock, (ended) => this.#forget(ended), this.#timing);
    this.#rooms.set(roomId, room);
    this.#connection.connect();
    try {
      await room.session.enter(name, pass, since);
    } catch (error) {
      // A room that was joined before stays joined.
      if (!known) this.#forget(room);
      throw error;
    }
    return room;
  }

  /**
   * Claims a handle, with or without a leading `@`, instead of the one that the person has. Register again after each connect:
   * that renews it, and without a token each connection is another person. Rejects with `handleTaken`, `invalidField`,
   * `rateLimited` or `unavailable`; with `disconnected` or `timeout` if there is no connection or no answer.
   */
  register(handle: string): Promise<Profile> {
    return new Promise((resolve, reject) => {
      this.#connection.request({ action: "register", handle }, (answer) => {
        if (answer instanceof ParlorError) reject(answer);
        else resolve({ userId: answer.userId, name: answer.name, handle: answer.handle });
      });
    });
  }

  /** Connects without waiting for the first `join`. */
  connect(): void {
    this.#connection.connect();
  }

  /**
   * Checks at once whether the connection works; call it when the computer wakes up or the network is back. A socket that
   * stays silent for 3 seconds is replaced. Without a connection, makes the next attempt now. Does nothing if the last check
   * is less than 0.1 seconds ago for each joined room: more would use up the rate of frames.
   */
  checkNow(): void {
    if (this.state !== "open") {
      this.#connection.retryNow();
      return;
    }
    const now = Date.now();
    // `abs`, because the clock may have been set back.
    if (Math.abs(now - this.#checkedAt) < this.#rooms.size * this.#timing.checkPerRoomMs) return;
    this.#checkedAt = now;
    this.#heartbeat.check();
  }

  /** Drops the connection and opens another; call it when the browser says that it is offline. */
  reconnect(): void {
    if (this.state === "open" || this.state === "connecting") this.#connection.reconnect();
  }

  /** Leaves all rooms and closes the connection. A later `join` opens another. */
  close(): void {
    const rooms = [...this.#rooms.values()];
    this.#connection.close();
    for (const room of rooms)
      room.session.end("left", new ParlorError("disconnected", "The client was closed.", false));
  }

  #opened(): void {
    this.#heartbeat.start();
    for (const follower of this.#followers) follower.connected();
    const rooms = [...this.#rooms.values()];
    for (const room of rooms) if (!room.inBackground) room.session.connectionOpened();
    this.#staggered.start(rooms.filter((room) => room.inBackground));
  }

  #lost(): void {
    this.#heartbeat.stop();
    for (const follower of this.#followers) follower.disconnected();
    this.#staggered.stop();
    for (const room of [...this.#rooms.values()]) room.session.connectionLost();
  }

  #refused(error: ParlorError): void {
    for (const room of [...this.#rooms.values()]) room.session.rejectJoins(error);
  }

  #received(frame: ServerFrame, fromNext: boolean): void {
    for (const follower of this.#followers) follower.received(frame);
    const room = "room" in frame && this.#rooms.get(frame.room);
    if (!room) return;
    // During a changeover most frames come over both sockets. The log drops duplicates by their numbers; frames without a
    // number only count from the socket over which the room was joined last.
    const isJoinedOver = this.#joinedOver.has(room);
    if (isLogEvent(frame) || frame.type === "voids" || isJoinedOver === fromNext) room.session.received(frame);
    else if (fromNext) room.session.received(frame, true);
  }

  /** Joins the rooms one after another, and again those that are joined or renamed meanwhile. */
  #joinAll(request: SendRequest, done: (error?: ParlorError) => void): void {
    const room = [...this.#rooms.values()].find((room) => room.joined && this.#joinedOver.get(room) !== room.you.name);
    if (!room) {
      this.#joinedOver.clear();
      done();
      return;
    }
    room.session.joinOver(request, (error) => {
      if (error) {
        this.#joinedOver.clear();
        done(error);
      } else {
        this.#joinedOver.set(room, room.you.name);
        this.#joinAll(request, done);
      }
    });
  }

  #pinged(): (pong: Pong) => void {
    // Frames overtake each other: the pong must only name rooms that were joined before the ping.
    const rooms = new Map(this.#rooms);
    const joined = [...rooms.values()].filter((room) => room.joined);
    return (pong) => {
      this.#clock.heard(pong.at);
      for (const room of joined) room.session.compare(pong.rooms[room.id]);
      // A room that was left during a changeover may still be joined over the next socket.
      const left = Object.keys(pong.rooms).filter((id) => !rooms.has(id) && !this.#rooms.has(id));
      for (const room of left) this.#connection.request({ action: "leave", room }, () => {});
    };
  }

  #forget(room: Room): void {
    if (this.#rooms.get(room.id) === room) this.#rooms.delete(room.id);
  }
}

/** Whether the API says that the token proves nobody. False if the API cannot be reached. */
function isRefused(apiUrl: string, token: string): Promise<boolean> {
  return new ParlorApi(apiUrl, async () => token).me().then(
    () => false,
    (error: unknown) => error instanceof ParlorError && error.code === "unauthorized",
  );
}
