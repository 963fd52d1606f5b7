// What the tests of the connection share: a server and clients that end with the test, and short waits.

import { onTestFinished, vi } from "vitest";
import { WebSocket } from "ws";
import { ParlorClient } from "../src/client.ts";
import type { Position } from "../src/protocol.ts";
import { type Timing, timing } from "../src/timing.ts";
import type { ClientOptions } from "../src/types.ts";
import { TestServer } from "./server.ts";

export async function startServer(): Promise<TestServer> {
  const server = await TestServer.start();
  onTestFinished(() => server.stop());
  return server;
}

const realSetTimeout = setTimeout;
vi.setConfig({ testTimeout: 60_000 });

const short: Timing = { ...timing, gapMs: 5, gapCapMs: 20, backoffMs: 5, backoffCapMs: 20 };

export function connect(
  server: TestServer,
  { token, ...options }: Partial<ClientOptions> & { token?: string } = {},
  waits: Partial<Timing> = {},
): ParlorClient {
  const apiUrl = "http://127.0.0.1:1/api";
  const ownToken = token !== undefined && { getToken: async () => token };
  const all = { webSocketUrl: server.url, apiUrl, WebSocket, ...ownToken, ...options };
  const client = new ParlorClient(all, { ...short, ...waits });
  onTestFinished(() => client.close());
  return client;
}

/** From here on time stands still in the client, until the test lets it pass with `vi.advanceTimersByTime`. */
export function stopTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Waits for a condition, in real time; the limit only ends a test that would never pass. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 5_000; !condition(); tries--) {
    if (tries === 0) throw new Error(`Waited in vain until ${condition}`);
    await new Promise((resolve) => realSetTimeout(resolve, 2));
  }
}

/** What names the message of this number, as the room now is. */
export function at({ epoch }: { epoch: string }, seq: number): Position {
  return { epoch, seq };
}

export function texts(room: { messages: readonly { text: string }[] }): string[] {
  return room.messages.map((message) => message.text);
}

/** Numbers from 0 to below 1 that are the same on every run. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
