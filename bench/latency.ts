// How long a message takes from one person to another, beside the floor that the cloud under it sets in the same run.
//
// A message: a client sends the frame; the cloud invokes `send`, which makes three round trips to DynamoDB one after
// another and posts to both people; the other client hands the message to its application. Nobody else uses the room.
// The floor: a frame with an unknown action; the cloud invokes `default`, which counts it against the rates and posts the
// error back. It is what every frame costs: the two socket hops, routing, one invocation, one write, one post.
// A ping is the floor and three more round trips to DynamoDB.
// The three take turns, so that whatever else the machine does meets all of them alike. Before each turn an unmeasured
// ping lets the invocation of the last message end.

import type { Room } from "../client/src/index.ts";
import type { Addresses } from "../local/outputs.ts";
import type { RawSocket } from "../tests/support/raw-socket.ts";
import { Stage } from "../tests/support/stage.ts";
import { arrival } from "./arrival.ts";
import { type Summary, summarize } from "./summary.ts";

const WARM_UP = 20;
/** Others take over after so many turns, so that nobody meets a rate limit. */
const TURNS = 40;

/** In milliseconds. */
export interface Latency {
  /** From `send` to the other person's `message` event. */
  readonly shown: Summary;
  /** From `send` to the sender seeing it as sent. */
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
    let [ada, pings, nones] = await fresh(stage, roomId);
    for (let n = -WARM_UP; n < messages; n++) {
      if (n % TURNS === 0) [ada, pings, nones] = await fresh(stage, roomId, ada);
      const { shown, sent } = await sendOne(ada, bob);
      await ask(pings, "ping", "pong");
      const ping = await ask(pings, "ping", "pong");
      const floor = await ask(nones, "none", "error");
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

/** Somebody to send, in place of whoever did before, a socket for pings and one for the floor. */
async function fresh(stage: Stage, roomId: string, before?: Room): Promise<[Room, RawSocket, RawSocket]> {
  await before?.leave();
  return [await stage.join(roomId, "Ada"), await stage.socket(), await stage.socket()];
}

async function sendOne(from: Room, to: Room): Promise<{ shown: number; sent: number }> {
  const started = performance.now();
  const id = from.send("How long does this take?");
  const [shown, sent] = await Promise.all([arrival(to, id), arrival(from, id)]);
  return { shown: shown - started, sent: sent - started };
}

async function ask(socket: RawSocket, action: string, answer: "pong" | "error"): Promise<number> {
  const started = performance.now();
  socket.sendRaw(JSON.stringify({ action }));
  await socket.next(answer);
  return performance.now() - started;
}
