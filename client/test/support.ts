// Shared by the tests: a server and clients that are closed when the test ends, short delays, and ways to wait.

import { onTestFinished, vi } from "vitest";
import { WebSocket } from "ws";
import { ParlorClient } from "../src/client.ts";
import type { Position } from "../src/protocol.ts";
import type { Room } from "../src/room.ts";
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

const short: Timing = {
  ...timing,
  gapMs: 5,
  gapCapMs: 20,
  backoffMs: 5,
  backoffCapMs: 20,
  staggerMs: 5,
  checkPerRoomMs: 0,
};

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

/** Stops the client's timers until the test calls `vi.advanceTimersByTime`. */
export function stopTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Waits for a condition, in real time. The limit only ends a test that cannot pass. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 5_000; !condition(); tries--) {
    if (tries === 0) throw new Error(`Waited too long until ${condition}`);
    await new Promise((resolve) => realSetTimeout(resolve, 2));
  }
}

/** Names the message at this number of the room's present epoch. */
export function at({ epoch }: { epoch: string }, seq: number): Position {
  return { epoch, seq };
}

export function statuses(room: Room): string[] {
  return room.messages.map(({ text, status }) => `${text} ${status}`);
}

export function texts(room: { messages: readonly { text: string }[] }): string[] {
  return room.messages.map((message) => message.text);
}

/** Returns a generator of numbers from 0 to below 1, the same ones on every run. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Records the events of a room, in order. */
export function eventsOf(room: Room): string[] {
  const seen: string[] = [];
  room.on("message", ({ text }) => seen.push(text));
  room.on("changed", ({ kind, of }) => seen.push(`${of} ${kind}`));
  room.on("notice", ({ kind, name }) => seen.push(`${kind} ${name}`));
  room.on("discontinuity", () => seen.push("discontinuity"));
  return seen;
}
