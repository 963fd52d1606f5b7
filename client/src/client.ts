// The way in: one connection to a stage, the rooms joined over it, and the heartbeat that keeps them.

import { ParlorApi } from "./api.ts";
import { Connection, type SendRequest } from "./connection.ts";
import { Credentials } from "./credentials.ts";
import { Emitter } from "./emitter.ts";
import { ParlorError } from "./errors.ts";
import { Heartbeat } from "./heartbeat.ts";
import { isLogEvent } from "./log.ts";
import type { Pong, ServerFrame } from "./protocol.ts";
import { Room } from "./room.ts";
import { timing as defaultTiming, type Timing } from "./timing.ts";
import type { ClientOptions, ConnectionState } from "./types.ts";

const HEARTBEAT_MS = 120_000;

export type ClientEvents = { state: [state: ConnectionState] };

export class ParlorClient extends Emitter<ClientEvents> {
  /** The HTTP API of the same stage, with the same tokens. */
  readonly api: ParlorApi;
  readonly #connection: Connection;
  readonly #rooms = new Map<string, Room>();
  /** During a changeover: the rooms that are joined over the socket that is about to take over, and under which name. */
  readonly #moved = new Map<Room, string>();
  readonly #heartbeat: Heartbeat;
  readonly #timing: Timing;

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
        received: (frame, ahead) => this.#received(frame, ahead),
        moving: (ask, done) => this.#moving(ask, done),
      },
      timing,
    );
    const everyMs = options.heartbeatMs ?? HEARTBEAT_MS;
    this.#heartbeat = new Heartbeat(this.#connection, () => this.#pinged(), everyMs, timing);
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** When the next attempt to connect is due, in milliseconds since 1970, while `state` is `waiting`. */
  get retryAt(): number | undefined {
    return this.#connection.retryAt;
  }

  /** Connects when needed. Rejects with a ParlorError when the room cannot be joined. */
  async join(roomId: string, options: { name?: string } = {}): Promise<Room> {
    const known = this.#rooms.get(roomId);
    const room = known ?? new Room(roomId, this.#connection, (ended) => this.#forget(ended), this.#timing);
    this.#rooms.set(roomId, room);
    this.#connection.connect();
    try {
      await room.enter(options.name);
    } catch (error) {
      // A room that was here before goes on by itself.
      if (!known) this.#forget(room);
      throw error;
    }
    return room;
  }

  /** Connects without waiting for the first `join`. */
  connect(): void {
    this.#connection.connect();
  }

  /**
   * Finds out at once whether the connection works, as after sleep or when the network is back: a socket that stays
   * silent for 3 seconds is replaced, and the next attempt to connect is made now.
   */
  checkNow(): void {
    if (this.state === "open") this.#heartbeat.check();
    else this.#connection.hurry();
  }

  /** Takes the connection for lost, as when the browser says that it is offline, and tries to get another. */
  reconnect(): void {
    if (this.state === "open" || this.state === "connecting") this.#connection.reconnect();
  }

  /** Leaves all rooms and ends the connection; a later `join` opens another. */
  close(): void {
    const rooms = [...this.#rooms.values()];
    this.#connection.close();
    for (const room of rooms) room.end("left", new ParlorError("disconnected", "The client was closed.", false));
  }

  #opened(): void {
    this.#heartbeat.start();
    for (const room of [...this.#rooms.values()]) room.opened();
  }

  #lost(): void {
    this.#heartbeat.stop();
    for (const room of [...this.#rooms.values()]) room.lost();
  }

  #refused(error: ParlorError): void {
    for (const room of [...this.#rooms.values()]) room.refused(error);
  }

  #received(frame: ServerFrame, ahead: boolean): void {
    const room = "room" in frame && this.#rooms.get(frame.room);
    if (!room) return;
    const moved = this.#moved.has(room);
    // The log drops doubles by their numbers. What has none counts from one socket only: the one last joined over.
    if (isLogEvent(frame) || frame.type === "voids" || moved === ahead) room.received(frame);
    else if (ahead) room.received(frame, true);
  }

  /** One room after another, so that one that is joined or renamed meanwhile is not left behind. */
  #moving(ask: SendRequest, done: (refusal?: ParlorError) => void): void {
    const room = [...this.#rooms.values()].find((room) => room.joined && this.#moved.get(room) !== room.you.name);
    if (!room) {
      this.#moved.clear();
      done();
      return;
    }
    room.move(ask, (refusal) => {
      if (refusal) {
        this.#moved.clear();
        done(refusal);
      } else {
        this.#moved.set(room, room.you.name);
        this.#moving(ask, done);
      }
    });
  }

  #pinged(): (pong: Pong) => void {
    // Frames overtake each other: only a room joined before the ping must be in the pong.
    const rooms = new Map(this.#rooms);
    const joined = [...rooms.values()].filter((room) => room.joined);
    return (pong) => {
      for (const room of joined) room.heard(pong.rooms[room.id]);
      // It was left over one socket and joined over the next.
      const left = Object.keys(pong.rooms).filter((id) => !rooms.has(id) && !this.#rooms.has(id));
      for (const room of left) this.#connection.request({ action: "leave", room }, () => {});
    };
  }

  #forget(room: Room): void {
    if (this.#rooms.get(room.id) === room) this.#rooms.delete(room.id);
  }
}

/** Whether the API says that this token proves nobody. */
function isRefused(apiUrl: string, token: string): Promise<boolean> {
  return new ParlorApi(apiUrl, async () => token).me().then(
    () => false,
    (error: unknown) => error instanceof ParlorError && error.code === "unauthorized",
  );
}
