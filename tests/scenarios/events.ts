// What the scenarios about changes share.

import type { Room } from "../../client/src/index.ts";
import type { ClientFrame } from "../../client/src/protocol.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { until } from "../support/until.ts";

/** Sends these messages and waits until all are acknowledged. */
export async function sendAll(room: Room, ...messages: string[]): Promise<void> {
  const before = room.messages.length;
  for (const text of messages) room.send(text);
  await until(`${messages.length} messages are sent`, () =>
    room.messages.slice(before).every(({ status, seq }) => status === "sent" && seq !== undefined),
  );
}

/** Collects, in order, the events that the room emits from now on. */
export function collectEvents(room: Room): string[] {
  const events: string[] = [];
  room.on("message", ({ text }) => events.push(text));
  room.on("changed", ({ of, kind }) => events.push(`${of} ${kind}`));
  room.on("notice", ({ kind, name }) => events.push(`${kind} ${name}`));
  room.on("discontinuity", () => events.push("discontinuity"));
  return events;
}

/** Sends a frame; resolves with the number in its acknowledgement. */
export async function ackedSeq(socket: RawSocket, frame: ClientFrame): Promise<number> {
  socket.send(frame);
  return (await socket.next("ack", ({ id }) => id === frame.id)).seq;
}
