// Measures the latency of a message from one person to another, and of a no-op frame in the same run.
//
// Message: one client sends the frame. The cloud invokes `send`, which makes its round trips to DynamoDB (docs/costs.md has their
// number) and posts to both people. The other client emits the message. Nobody else is in the room.
// Floor: a frame with an unknown action. The cloud invokes `default`, which counts the frame and posts an error. Every frame
// costs at least that: two socket hops, routing, one invocation, one write and one post.
// Ping: the same, with the round trips of `ping`, for a connection in no room.
// The three take turns, so that other load on the machine affects them equally. An unmeasured ping before each turn lets the
// invocation of the last message end.

import type { Room } from "../client/src/index.ts";
import type { Addresses } from "../local/outputs.ts";
import type { RawSocket } from "../tests/support/raw-socket.ts";
import { Stage } from "../tests/support/stage.ts";
import { arrival } from "./arrival.ts";
import { type Summary, summarize } from "./summary.ts";

const WARM_UP = 20;
/** Turns before new connections take over, so that none exceeds a rate. */
const TURNS = 40;

/** In milliseconds. */
export interface Latency {
  /** From `send` to the other person's `message` event. */
  readonly shown: Summary;
  /** From `send` to the sender's own `message` event. */
  readonly sent: Summary;
  readonly ping: Summary;
  readonly floor: Summary;
}

export async function measureLatency(addresses: Addresses, messages: number): Promise<Latency> {
  const stage = new Stage(addresses);
  try {
    const { roomId } = await stage.room({ name: "Latency" });
    const bob = await stage.join(roomId, "Bob");
    const samples = { shown: [], sent: [], ping: [], floor: [] } as Record<keyof Latency, number[]>;
    let [ada, pings, noOps] = await connect(stage, roomId);
    for (let n = -WARM_UP; n < messages; n++) {
      if (n % TURNS === 0) [ada, pings, noOps] = await connect(stage, roomId, ada);
      const { shown, sent } = await sendOne(ada, bob);
      await request(pings, "ping", "pong");
      const ping = await request(pings, "ping", "pong");
      const floor = await request(noOps, "none", "error");
      if (n < 0) continue;
      samples.shown.push(shown);
      samples.sent.push(sent);
      samples.ping.push(ping);
      samples.floor.push(floor);
    }
    return {
      shown: summarize(samples.shown),
      sent: summarize(samples.sent),
      ping: summarize(samples.ping),
      floor: summarize(samples.floor),
    };
  } finally {
    await stage.cleanUp();
  }
}

/** Connects a sender, who replaces `previous`, a socket for pings and one for no-op frames. */
async function connect(stage: Stage, roomId: string, previous?: Room): Promise<[Room, RawSocket, RawSocket]> {
  await previous?.leave();
  return [await stage.join(roomId, "Ada"), await stage.socket(), await stage.socket()];
}

async function sendOne(from: Room, to: Room): Promise<{ shown: number; sent: number }> {
  const started = performance.now();
  const id = from.send("How long does this take?");
  const [shown, sent] = await Promise.all([arrival(to, id), arrival(from, id)]);
  return { shown: shown - started, sent: sent - started };
}

/** Returns the milliseconds from a frame to its answer. */
async function request(socket: RawSocket, action: string, answer: "pong" | "error"): Promise<number> {
  const started = performance.now();
  socket.sendRaw(JSON.stringify({ action }));
  await socket.next(answer);
  return performance.now() - started;
}
