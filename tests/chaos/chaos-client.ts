// A client that connects through a fault proxy of its own and whose history is recorded.

import { ParlorClient, ParlorError, type Room } from "../../client/src/index.ts";
import { type Timing, timing } from "../../client/src/timing.ts";
import type { Guest, Stage } from "../support/stage.ts";
import { FaultProxy } from "./proxy.ts";
import type { Device, Recorder } from "./recorder.ts";

export interface TimingOverrides extends Partial<Timing> {
  readonly heartbeatMs?: number;
}

/**
 * Mostly shorter than the client's defaults, so that broken connections show soon. Answer times stay long: on a busy
 * stage a late pong would end connections, and the reconnects would make the stage busier.
 */
const shortTiming: TimingOverrides = {
  heartbeatMs: 3_000,
  answerMs: 10_000,
  checkMs: 10_000,
  gapMs: 100,
  gapCapMs: 1_000,
  backoffMs: 50,
  backoffCapMs: 1_000,
  readMs: 200,
};

export class ChaosClient {
  readonly name: string;
  readonly guest: Guest;
  readonly client: ParlorClient;
  readonly proxy: FaultProxy;
  readonly #recorder: Recorder;

  private constructor(name: string, guest: Guest, client: ParlorClient, proxy: FaultProxy, recorder: Recorder) {
    this.name = name;
    this.guest = guest;
    this.client = client;
    this.proxy = proxy;
    this.#recorder = recorder;
  }

  /** Without a `person`, creates one. */
  static async create(
    stage: Stage,
    recorder: Recorder,
    name: string,
    overrides: TimingOverrides = {},
    person?: Guest,
  ): Promise<ChaosClient> {
    const guest = person ?? (await stage.guest(name));
    const proxy = await FaultProxy.start(stage.addresses.webSocketUrl);
    proxy.tap = recorder.tap({ name, userId: guest.userId });
    const { heartbeatMs = 0, ...durations } = { ...shortTiming, ...overrides };
    const client = new ParlorClient(
      {
        webSocketUrl: proxy.url,
        apiUrl: stage.addresses.apiUrl,
        getToken: async () => guest.token,
        WebSocket: recorder.webSocketClass({ name, userId: guest.userId }),
        heartbeatMs,
      },
      { ...timing, ...durations },
    );
    return new ChaosClient(name, guest, client, proxy, recorder);
  }

  get device(): Device {
    return { name: this.name, userId: this.guest.userId };
  }

  /** Joins, and retries while the error is retryable, as a person would. */
  async join(roomId: string): Promise<Room> {
    for (;;) {
      try {
        const room = await this.client.join(roomId);
        this.#recorder.recordRoom(this.device, room);
        return room;
      } catch (error) {
        if (!(error instanceof ParlorError) || !error.retryable) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs));
      }
    }
  }

  /** Sends a message; returns its id. */
  send(room: Room, text: string): string {
    return this.#recorder.send(this.guest.userId, room, text);
  }

  /** Records the outcome of an edit, a deletion or a reaction. */
  trackChange(room: Room, done: Promise<void>): void {
    this.#recorder.trackChange(this.guest.userId, room, done);
  }

  /** Ends all faults and releases the frames that were held back. */
  stopFaults(): void {
    this.proxy.rules = {};
    for (const link of this.proxy.links.values()) link.release();
    this.client.checkNow();
  }

  async close(): Promise<void> {
    this.client.close();
    await this.proxy.stop();
  }
}
