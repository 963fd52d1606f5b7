// A deployed stage as scenarios use it: people with the client, sockets without it, and rooms that go when it ends.

import { WebSocket } from "ws";
import {
  ParlorApi,
  ParlorClient,
  ParlorError,
  type Room,
  type RoomInfo,
  type Visibility,
} from "../../client/src/index.ts";
import { type Timing, timing } from "../../client/src/timing.ts";
import type { Addresses } from "../../local/outputs.ts";
import { RawSocket } from "./raw-socket.ts";
import { LIMIT_MS, until } from "./until.ts";

/** Somebody with a guest token. */
export interface Guest {
  readonly userId: string;
  readonly token: string;
  readonly api: ParlorApi;
}

/** One tab of somebody: a client, and a way to break its connection. */
export interface Tab {
  readonly client: ParlorClient;
  /** How many sockets it has opened. */
  readonly sockets: number;
  /** Breaks the connection as a lost network does; the client then comes back by itself. */
  cut(): void;
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
    const { userId, token } = await patiently(() => this.api.createSession(name));
    return { userId, token, api: new ParlorApi(this.addresses.apiUrl, async () => token) };
  }

  /** A room of an owner who is not in it. */
  async room(about: { name?: string; topic?: string; visibility?: Visibility } = {}): Promise<RoomInfo> {
    return this.roomOf(await this.guest("Owner"), about);
  }

  async roomOf(
    owner: Guest,
    about: { name?: string; topic?: string; visibility?: Visibility } = {},
  ): Promise<RoomInfo> {
    const room = await patiently(() => owner.api.createRoom({ name: "Scenario", ...about }));
    this.#cleanups.push(() =>
      until(`room ${room.roomId} is closed`, () => owner.api.closeRoom(room.roomId).then(yes, mayRetry)),
    );
    return room;
  }

  /** A tab of a guest, or of somebody without a token. */
  tab(guest?: Guest, waits: Partial<Timing> = {}): Tab {
    let current: WebSocket | undefined;
    let sockets = 0;
    class Breakable extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        current = this;
        sockets++;
      }
    }
    const { webSocketUrl, apiUrl } = this.addresses;
    const identity = guest && { getToken: async () => guest.token };
    const options = { webSocketUrl, apiUrl, ...identity, WebSocket: Breakable };
    const client = new ParlorClient(options, { ...timing, ...waits });
    this.#cleanups.push(() => client.close());
    return {
      client,
      get sockets() {
        return sockets;
      },
      cut: () => current?.terminate(),
    };
  }

  /** Somebody without a token who has joined. */
  join(roomId: string, name: string): Promise<Room> {
    return this.tab().client.join(roomId, { name });
  }

  /** A socket without the client; with `origin` it says that it is opened by a page, as browsers do. */
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

  /** Undoes everything, the last first, and only then throws what could not be undone. */
  async cleanUp(): Promise<void> {
    const failures: unknown[] = [];
    for (const undo of this.#cleanups.reverse()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `A room may be left: ${failures.join("; ")}`);
  }
}

/**
 * Asks again while that may help: a stage takes only so much from the one address that all people here have, and one under
 * load is busy. The limit only ends what cannot pass.
 */
export async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (const limit = Date.now() + LIMIT_MS; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ParlorError) || !error.retryable || Date.now() > limit) throw error;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs));
    }
  }
}

const yes = () => true;

/** A stage under load is no reason to leave a room behind. */
function mayRetry(error: ParlorError): boolean {
  if (error.retryable) return false;
  throw error;
}
