// Somebody who talks through a proxy of their own, recorded; comes back by themselves, as the client does.

import { ParlorClient, ParlorError, type Room } from "../../client/src/index.ts";
import { type Timing, timing } from "../../client/src/timing.ts";
import type { Guest, Stage } from "../support/stage.ts";
import { FaultProxy } from "./proxy.ts";
import type { Recorder } from "./recorder.ts";

export interface Waits extends Partial<Timing> {
  readonly heartbeatMs?: number;
}

/**
 * Mostly shorter than the client's own, so that what is broken shows soon. Not those for answers: a pong that a busy stage
 * gives too late ends its connection, and everyone's coming back makes the stage busier.
 */
const short: Waits = {
  heartbeatMs: 3_000,
  answerMs: 10_000,
  checkMs: 10_000,
  gapMs: 100,
  gapCapMs: 1_000,
  backoffMs: 50,
  backoffCapMs: 1_000,
};

export class Person {
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

  static async arrive(stage: Stage, recorder: Recorder, name: string, waits: Waits = {}): Promise<Person> {
    const guest = await stage.guest(name);
    const proxy = await FaultProxy.start(stage.addresses.webSocketUrl);
    const { heartbeatMs = 0, ...durations } = { ...short, ...waits };
    const client = new ParlorClient(
      {
        webSocketUrl: proxy.url,
        apiUrl: stage.addresses.apiUrl,
        getToken: async () => guest.token,
        WebSocket: recorder.webSocketOf(guest.userId),
        heartbeatMs,
      },
      { ...timing, ...durations },
    );
    return new Person(name, guest, client, proxy, recorder);
  }

  /** A join that fails for now is tried again, as a person would. */
  async join(roomId: string): Promise<Room> {
    for (;;) {
      try {
        const room = await this.client.join(roomId);
        this.#recorder.follow({ name: this.name, userId: this.guest.userId }, room);
        return room;
      } catch (error) {
        if (!(error instanceof ParlorError) || !error.retryable) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs));
      }
    }
  }

  say(room: Room, text: string): string {
    return this.#recorder.say(this.guest.userId, room, text);
  }

  /** Notes what comes of an edit, a deletion or a reaction. */
  change(room: Room, done: Promise<void>): void {
    this.#recorder.change(this.guest.userId, room, done);
  }

  /** From now on nothing goes wrong any more, and what was held back arrives. */
  calm(): void {
    this.proxy.rules = {};
    for (const link of this.proxy.links.values()) link.release();
    this.client.checkNow();
  }

  async goodbye(): Promise<void> {
    this.client.close();
    await this.proxy.stop();
  }
}
