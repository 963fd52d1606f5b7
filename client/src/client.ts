// The way in: one connection to a stage, the rooms joined over it, and the heartbeat that keeps them.

import { ParlorApi } from "./api.ts";
import { type Ask, Connection } from "./connection.ts";
import { Emitter } from "./emitter.ts";
import { ParlorError } from "./errors.ts";
import { isLasting } from "./log.ts";
import type { ServerFrame } from "./protocol.ts";
import { Room } from "./room.ts";
import { timing as defaultTiming, type Timing } from "./timing.ts";
import type { ClientOptions, ConnectionState } from "./types.ts";

const HEARTBEAT_MS = 60_000;
/** So many in a row mean that what one sends does not arrive, whatever one hears. */
const MOST_UNANSWERED_PINGS = 3;

export type ClientEvents = { state: [state: ConnectionState] };

export class ParlorClient extends Emitter<ClientEvents> {
  /** The HTTP API of the same stage, with the same token. */
  readonly api: ParlorApi;
  readonly #connection: Connection;
  readonly #rooms = new Map<string, Room>();
  /** During a changeover: the rooms that are joined over the socket that is about to take over, and under which name. */
  readonly #moved = new Map<Room, string>();
  readonly #heartbeatMs: number;
  readonly #timing: Timing;
  #unansweredPings = 0;
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(options: ClientOptions, /** @internal */ timing = defaultTiming) {
    super();
    this.api = new ParlorApi(options.apiUrl, options.token);
    this.#heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
    this.#timing = timing;
    this.#connection = new Connection(
      {
        url: options.webSocketUrl,
        token: options.token,
        WebSocket: options.WebSocket ?? globalThis.WebSocket,
      },
      {
        stateChanged: () => this.emit("state", this.state),
        opened: () => this.#opened(),
        lost: () => this.#lost(),
        received: (frame, ahead) => this.#received(frame, ahead),
        moving: (ask, done) => this.#moving(ask, done),
      },
      timing,
    );
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

  /** Does not wait for the next attempt, or finds out at once whether an open connection still works. */
  reconnectNow(): void {
    this.#connection.retryNow();
    if (this.state === "open") this.#ping();
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
    this.#unansweredPings = 0;
    this.#heartbeat = setInterval(() => this.#ping(), this.#heartbeatMs);
    for (const room of [...this.#rooms.values()]) room.opened();
  }

  #lost(): void {
    clearInterval(this.#heartbeat);
    for (const room of [...this.#rooms.values()]) room.lost();
  }

  #received(frame: ServerFrame, ahead: boolean): void {
    const room = "room" in frame && this.#rooms.get(frame.room);
    if (!room) return;
    const moved = this.#moved.has(room);
    // The log drops doubles by their numbers. What has none counts from one socket only: the one last joined over.
    if (isLasting(frame) || moved === ahead) room.received(frame);
    else if (ahead) room.received(frame, true);
  }

  /** One room after another, so that one that is joined or renamed meanwhile is not left behind. */
  #moving(ask: Ask, done: (refusal?: ParlorError) => void): void {
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

  #ping(): void {
    // Frames overtake each other: only a room joined before the ping must be in the pong.
    const rooms = new Map(this.#rooms);
    const joined = [...rooms.values()].filter((room) => room.joined);
    const heard = this.#connection.heard;
    this.#connection.request({ action: "ping" }, (answer) => {
      if (!(answer instanceof ParlorError)) {
        this.#unansweredPings = 0;
        for (const room of joined) room.heard(answer.rooms[room.id]);
        // It was left over one socket and joined over the next.
        const left = Object.keys(answer.rooms).filter((id) => !rooms.has(id) && !this.#rooms.has(id));
        for (const room of left) this.#connection.request({ action: "leave", room }, () => {});
      } else if (answer.code === "timeout") {
        // Where others are still heard, the server may just be slow, and a wave of reconnects would make it slower.
        const isSilent = this.#connection.heard === heard;
        if (isSilent || ++this.#unansweredPings === MOST_UNANSWERED_PINGS) this.#connection.reconnect();
      }
    });
  }

  #forget(room: Room): void {
    if (this.#rooms.get(room.id) === room) this.#rooms.delete(room.id);
  }
}
