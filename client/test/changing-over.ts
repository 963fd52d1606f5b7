// A client in the middle of a changeover, for the tests of changeovers.

import { vi } from "vitest";
import type { Room } from "../src/room.ts";
import type { Connection, TestServer } from "./server.ts";
import { connect, stopTime } from "./support.ts";

/** Age at which the sockets are replaced, in milliseconds. */
export const CHANGEOVER_MS = 1_000;
/** A heartbeat interval that no test reaches. */
export const NEVER = 1_000_000_000;

/** A client that changes over when the test calls `start`, and every event that its application gets. */
export async function changingOver(server: TestServer, ...rooms: string[]) {
  stopTime();
  const client = connect(
    server,
    { token: "ada", heartbeatMs: NEVER },
    { changeoverMs: [CHANGEOVER_MS, CHANGEOVER_MS] },
  );
  const joined = await Promise.all(rooms.map((id) => client.join(id)));
  const [room] = joined as [Room];
  const [old] = server.connections as Iterable<Connection> as [Connection];
  const seen: string[] = [];
  client.on("state", (state) => seen.push(state));
  for (const each of joined) {
    each.on("message", ({ text }) => seen.push(text));
    each.on("changed", ({ kind }) => seen.push(kind));
    each.on("presence", ({ event, people }) => seen.push(`${people.map(({ name }) => name)} ${event}`));
    each.on("discontinuity", () => seen.push("discontinuity"));
    each.on("left", (reason) => seen.push(reason));
  }
  const start = () => vi.advanceTimersByTime(CHANGEOVER_MS);
  const isDone = () => server.connections.size === 1 && !server.connections.has(old);
  return { client, room, rooms: joined, old, seen, start, isDone };
}

/** Holds back the answers to joins over the next connection, of one room or all, until `release` sends them. */
export function holdBack(server: TestServer, old: Connection, room?: string): { held(): number; release(): void } {
  const held: (() => void)[] = [];
  server.outgoing = (frame, connection) => {
    const isIt = connection !== old && frame.type === "joined" && (room ?? frame.room) === frame.room;
    if (!isIt) return [frame];
    held.push(() => connection.socket.send(JSON.stringify(frame)));
    return [];
  };
  return {
    held: () => held.length,
    release: () => {
      server.outgoing = (frame) => [frame];
      for (const send of held) send();
    },
  };
}
