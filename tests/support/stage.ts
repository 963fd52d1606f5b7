// Access to a deployed stage: guests, clients, raw sockets and rooms, all cleaned up at the end.

import { WebSocket } from "ws";
import {
  type NewRoom,
  ParlorApi,
  ParlorClient,
  ParlorError,
  type Room,
  type RoomInfo,
} from "../../client/src/index.ts";
import { type Timing, timing } from "../../client/src/timing.ts";
import type { Addresses } from "../../local/outputs.ts";
import { RawSocket } from "./raw-socket.ts";
import { until, WAIT_LIMIT_MS } from "./until.ts";

/** A person with a guest token. */
export interface Guest {
  readonly userId: string;
  readonly token: string;
  readonly api: ParlorApi;
}

/** A client of one person, and a way to break its connection. */
export interface Tab {
  readonly client: ParlorClient;
  /** How many sockets the client has opened. */
  readonly sockets: number;
  /** Breaks the connection as a lost network does. The client then reconnects by itself. */
  dropConnection(): void;
}

export class Stage {
  readonly addresses: Addresses;
  /** The HTTP API without a token. */
  readonly api: ParlorApi;
  readonly #cleanups: (() => unknown)[] = [];

  constructor(addresses: Addresses) {
    this.addresses = addresses;
    this.api = new ParlorApi(addresses.apiUrl);
  }

  async guest(name: string): Promise<Guest> {
    const { userId, token } = await withRetries(() => this.api.createSession(name));
    return { userId, token, api: this.apiOf(token) };
  }

  /** Returns the HTTP API for the person of this token. */
  apiOf(token: string): ParlorApi {
    return new ParlorApi(this.addresses.apiUrl, async () => token);
  }

  /** Creates a room. Its owner does not join it. */
  async room(details: Partial<NewRoom> = {}): Promise<RoomInfo> {
    return this.roomOf(await this.guest("Owner"), details);
  }

  async roomOf(owner: Guest, details: Partial<NewRoom> = {}): Promise<RoomInfo> {
    const room = await withRetries(() => owner.api.createRoom({ name: "Scenario", ...details }));
    this.#cleanups.push(() =>
      until(`room ${room.roomId} is closed`, () => owner.api.closeRoom(room.roomId).then(() => true, falseIfRetryable)),
    );
    return room;
  }

  /** Opens a client of this guest, or of a person without a token. */
  tab(guest?: Guest, overrides: Partial<Timing> = {}): Tab {
    let current: WebSocket | undefined;
    let sockets = 0;
    class DroppableSocket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        current = this;
        sockets++;
      }
    }
    const { webSocketUrl, apiUrl } = this.addresses;
    const identity = guest && { getToken: async () => guest.token };
    const options = { webSocketUrl, apiUrl, ...identity, WebSocket: DroppableSocket };
    const client = new ParlorClient(options, { ...timing, ...overrides });
    this.#cleanups.push(() => client.close());
    return {
      client,
      get sockets() {
        return sockets;
      },
      dropConnection: () => current?.terminate(),
    };
  }

  /** Joins as a new person without a token. */
  join(roomId: string, name: string): Promise<Room> {
    return this.tab().client.join(roomId, { name });
  }

  /** Opens a socket without the client. `origin` sets the header that browsers send for a page. */
  async socket({
    query = "",
    protocols = [] as string[],
    origin = undefined as string | undefined,
    headers = {} as Record<string, string>,
  } = {}): Promise<RawSocket> {
    const options = { headers, ...(origin !== undefined && { origin }) };
    const socket = await RawSocket.open(this.addresses.webSocketUrl + query, protocols, options);
    this.#cleanups.push(() => socket.close());
    return socket;
  }

  /** Undoes everything in reverse order, then throws all failures. */
  async cleanUp(): Promise<void> {
    const failures: unknown[] = [];
    for (const undo of this.#cleanups.reverse()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `A room may be left over: ${failures.join("; ")}`);
  }
}

/** Retries while the error is retryable: all people in tests share one address and its rates, and a stage under load is busy. */
export async function withRetries<Answer>(request: () => Promise<Answer>): Promise<Answer> {
  for (const limit = Date.now() + WAIT_LIMIT_MS; ; ) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ParlorError) || !error.retryable || Date.now() > limit) throw error;
      // Requests without a pause would keep a busy stage busy.
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? 100));
    }
  }
}

/** False for an error that may pass, as on a stage under load; throws any other. */
function falseIfRetryable(error: ParlorError): boolean {
  if (error.retryable) return false;
  throw error;
}
