// Measures the effect of one flooding client on everyone else.
//
// 200 people are connected to ten rooms of 20. In each room, one of them sends a message every five seconds; the sample is the
// time until another one's client emits it. The first half of the run is quiet. In the second half, the last person of the first
// room floods it through a raw socket and reconnects as soon as it is disconnected. The people in that room receive the messages
// of the flood that are not refused.

import { WebSocket } from "ws";
import type { Room } from "../client/src/index.ts";
import type { ServerFrame } from "../client/src/protocol.ts";
import type { Addresses } from "../local/outputs.ts";
import { type Guest, Stage } from "../tests/support/stage.ts";
import { arrival } from "./arrival.ts";
import { type Summary, summarize } from "./summary.ts";

const ROOMS = 10;
const PEOPLE = 20;
/** Milliseconds between messages of all senders together: each sends one every five seconds. */
const PAUSE = 500;
/** The most bytes that wait in the flooder's process; more wait in the sockets' buffers. */
const BUFFERED = 64 * 1024;

export interface Flood {
  /** From `send` to another person's `message` event, in milliseconds. */
  readonly quiet: Summary;
  readonly flooded: Summary;
  /** The part of `flooded` that is in the flooded room. */
  readonly inFloodedRoom: Summary;
  readonly flooder: Flooder;
}

export interface Flooder {
  /** Frames given to the socket. Those still in its buffers are lost when the connection closes. */
  sent: number;
  acknowledged: number;
  /** Frames answered with `rateLimited`. */
  refused: number;
  /** Connections that the server closed. */
  disconnected: number;
  /** Connections that the server did not accept. */
  rejected: number;
}

export async function measureFlood(addresses: Addresses, seconds: number): Promise<Flood> {
  const stage = new Stage(addresses);
  try {
    const flooder = await stage.guest("Flooder");
    const rooms = [];
    for (let n = 0; n < ROOMS; n++) rooms.push(await createRoom(stage, n === 0 ? PEOPLE - 1 : PEOPLE));
    const flooded = rooms[0]?.id ?? "";
    const quiet = (await exchangeMessages(rooms, seconds)).flatMap(({ delays }) => delays);
    const stop = new AbortController();
    const counts: Flooder = { sent: 0, acknowledged: 0, refused: 0, disconnected: 0, rejected: 0 };
    const flooding = flood(addresses, flooder, flooded, counts, stop.signal);
    const during = await exchangeMessages(rooms, seconds);
    stop.abort();
    await flooding;
    return {
      quiet: summarize(quiet),
      flooded: summarize(during.flatMap(({ delays }) => delays)),
      inFloodedRoom: summarize(during.flatMap(({ room, delays }) => (room === flooded ? delays : []))),
      flooder: counts,
    };
  } finally {
    await stage.cleanUp();
  }
}

interface BenchRoom {
  readonly id: string;
  readonly sender: Room;
  readonly reader: Room;
}

async function createRoom(stage: Stage, people: number): Promise<BenchRoom> {
  const { roomId } = await stage.room({ name: "Flood" });
  const [sender, reader] = [await stage.join(roomId, "Sender"), await stage.join(roomId, "Reader")];
  for (let n = 2; n < people; n++) await stage.join(roomId, `Listener ${n}`);
  return { id: roomId, sender, reader };
}

async function exchangeMessages(
  rooms: readonly BenchRoom[],
  seconds: number,
): Promise<{ room: string; delays: number[] }[]> {
  const samples = rooms.map(({ id }) => ({ room: id, delays: [] as Promise<number>[] }));
  const turns = Math.round((seconds * 1000) / PAUSE);
  for (let turn = 0; turn < turns; turn++) {
    const [room, delays] = [rooms[turn % ROOMS], samples[turn % ROOMS]?.delays];
    if (room) delays?.push(sendOne(room));
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return Promise.all(samples.map(async ({ room, delays }) => ({ room, delays: await Promise.all(delays) })));
}

/** Returns the milliseconds from `send` to the reader's `message` event. */
async function sendOne({ sender, reader }: BenchRoom): Promise<number> {
  const started = performance.now();
  return (await arrival(reader, sender.send("How long does this take?"))) - started;
}

/** Floods until `stop` is aborted. Adds to `counts`. */
async function flood(addresses: Addresses, by: Guest, room: string, counts: Flooder, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const socket = new WebSocket(addresses.webSocketUrl, ["parlor.v1", `token.${by.token}`]);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => counts.rejected++);
    socket.on("message", (data) => count(JSON.parse(String(data)), counts));
    socket.on("open", async () => {
      socket.send(JSON.stringify({ action: "join", room }));
      while (socket.readyState === WebSocket.OPEN && !stop.aborted) {
        if (socket.bufferedAmount < BUFFERED) {
          socket.send(JSON.stringify({ action: "send", room, id: `${counts.sent++}`, text: "Buy!" }));
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (!stop.aborted) counts.disconnected++;
      socket.terminate();
    });
    await closed;
  }
}

function count(frame: ServerFrame, counts: Flooder): void {
  if (frame.type === "ack") counts.acknowledged++;
  if (frame.type === "error" && frame.code === "rateLimited") counts.refused++;
}
