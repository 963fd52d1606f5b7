// What one person who sends as fast as they can does to everybody else.
//
// In ten rooms 20 people each are connected; in each one of them says something now and then, and it is measured when another
// one is shown it: first while all is quiet, then for as long while one person more, in the first room, floods it by a bare
// socket, which is opened again as soon as it is ended. The people in that room get what passes of the flood.

import { WebSocket } from "ws";
import type { Room } from "../client/src/index.ts";
import type { ServerFrame } from "../client/src/protocol.ts";
import type { Addresses } from "../local/outputs.ts";
import { type Guest, Stage } from "../tests/support/stage.ts";
import { arrival } from "./arrival.ts";
import { type Summary, summarize } from "./summary.ts";

const ROOMS = 10;
const PEOPLE = 20;
/** Of all talkers together, in milliseconds: each says something every five seconds. */
const PAUSE = 500;
/** Of what waits in the flooder's own process, in bytes: the rest is in the sockets' buffers. */
const BUFFERED = 64 * 1024;

export interface Flood {
  /** From `send` to another person's `message` event, in milliseconds. */
  readonly quiet: Summary;
  readonly flooded: Summary;
  /** Of those, in the room that is flooded. */
  readonly besideFlooder: Summary;
  readonly flooder: Flooder;
}

export interface Flooder {
  /** Frames that were handed to the network; what is still in its buffers when a connection is ended goes with it. */
  sent: number;
  passed: number;
  refused: number;
  /** Connections that were ended, and attempts that were refused. */
  ended: number;
  turnedAway: number;
}

export async function measureFlood(addresses: Addresses, seconds: number): Promise<Flood> {
  const stage = new Stage(addresses);
  try {
    const flooder = await stage.guest("Flooder");
    const rooms = [];
    for (let n = 0; n < ROOMS; n++) rooms.push(await fill(stage, n === 0 ? PEOPLE - 1 : PEOPLE));
    const flooded = rooms[0]?.id ?? "";
    const quiet = (await talk(rooms, seconds)).flatMap(({ delays }) => delays);
    const stop = new AbortController();
    const counts: Flooder = { sent: 0, passed: 0, refused: 0, ended: 0, turnedAway: 0 };
    const flooding = flood(addresses, flooder, flooded, counts, stop.signal);
    const during = await talk(rooms, seconds);
    stop.abort();
    await flooding;
    return {
      quiet: summarize(quiet),
      flooded: summarize(during.flatMap(({ delays }) => delays)),
      besideFlooder: summarize(during.flatMap(({ room, delays }) => (room === flooded ? delays : []))),
      flooder: counts,
    };
  } finally {
    await stage.cleanUp();
  }
}

interface Talk {
  readonly id: string;
  readonly talker: Room;
  readonly reader: Room;
}

async function fill(stage: Stage, people: number): Promise<Talk> {
  const { roomId } = await stage.room({ name: "Flood" });
  const [talker, reader] = [await stage.join(roomId, "Talker"), await stage.join(roomId, "Reader")];
  for (let n = 2; n < people; n++) await stage.join(roomId, `Listener ${n}`);
  return { id: roomId, talker, reader };
}

async function talk(rooms: readonly Talk[], seconds: number): Promise<{ room: string; delays: number[] }[]> {
  const said = rooms.map(({ id }) => ({ room: id, delays: [] as Promise<number>[] }));
  const turns = Math.round((seconds * 1000) / PAUSE);
  for (let turn = 0; turn < turns; turn++) {
    const [room, delays] = [rooms[turn % ROOMS], said[turn % ROOMS]?.delays];
    if (room) delays?.push(say(room));
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return Promise.all(said.map(async ({ room, delays }) => ({ room, delays: await Promise.all(delays) })));
}

async function say({ talker, reader }: Talk): Promise<number> {
  const started = performance.now();
  return (await arrival(reader, talker.send("How long does this take?"))) - started;
}

/** Until the signal comes; adds to `counts`. */
async function flood(addresses: Addresses, by: Guest, room: string, counts: Flooder, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const socket = new WebSocket(addresses.webSocketUrl, ["parlor.v1", `token.${by.token}`]);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => counts.turnedAway++);
    socket.on("message", (data) => count(JSON.parse(String(data)), counts));
    socket.on("open", async () => {
      socket.send(JSON.stringify({ action: "join", room }));
      while (socket.readyState === WebSocket.OPEN && !stop.aborted) {
        if (socket.bufferedAmount < BUFFERED) {
          socket.send(JSON.stringify({ action: "send", room, id: `${counts.sent++}`, text: "Buy!" }));
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (!stop.aborted) counts.ended++;
      socket.terminate();
    });
    await closed;
  }
}

function count(frame: ServerFrame, counts: Flooder): void {
  if (frame.type === "ack") counts.passed++;
  if (frame.type === "error" && frame.code === "rateLimited") counts.refused++;
}
