// Measures how long sweeps take to end and delete many rooms, and one room with a long log.
//
// The rooms are written to the tables as they would be at their end. Sweeps run one after another, as the schedule starts
// them, until nothing is left to do.

import type { Addresses } from "../local/outputs.ts";
import { Admin } from "../tests/scenarios/local-only/admin.ts";
import { Stage } from "../tests/support/stage.ts";

const SHARDS = 4;
const MINUTE = 60_000;
const POLL_MS = 100;

export interface Sweeps {
  /** Seconds to end these rooms, and to delete what is left of them. */
  readonly endRooms: number;
  readonly deleteRooms: number;
  /** Seconds to delete one room with this many rows in its log. */
  readonly deleteLog: number;
  /** Seconds for one empty room, ended and deleted: what a sweep takes at least. */
  readonly oneRoom: number;
}

export async function measureSweeps(addresses: Addresses, rooms: number, rows: number): Promise<Sweeps> {
  const stage = new Stage(addresses);
  try {
    const admin = await Admin.of(stage);
    const run = `bench${Date.now().toString(36)}`;
    const oneRoom = (await endAndDelete(admin, `${run}a`, 1)).reduce((sum, seconds) => sum + seconds);
    const [endRooms = 0, deleteRooms = 0] = await endAndDelete(admin, `${run}b`, rooms);
    const deleteLog = await deleteLongLog(admin, `${run}c`, rows);
    return { endRooms, deleteRooms, deleteLog, oneRoom };
  } finally {
    await stage.cleanUp();
  }
}

async function endAndDelete(admin: Admin, prefix: string, count: number): Promise<number[]> {
  const ids = Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(4, "0")}`);
  await admin.putAll(
    "Rooms",
    ids.map((id) => roomRow(id, { endsAt: n(1), ...queue(id, "open") })),
  );
  const ended = await sweepUntil(admin, "open", prefix);
  const closed = { closedAt: n(Date.now() - 2 * MINUTE), endReason: s("expired") };
  await admin.putAll(
    "Rooms",
    ids.map((id) => roomRow(id, { endsAt: n(1), ...closed, ...queue(id, "over") })),
  );
  await admin.putAll("Messages", ids.map(remains));
  return [ended, await sweepUntil(admin, "over", prefix)];
}

async function deleteLongLog(admin: Admin, id: string, rows: number): Promise<number> {
  const events = Array.from({ length: rows }, (_, at) => ({
    roomId: s(id),
    sk: s(`event#e1#${String(at + 1).padStart(16, "0")}`),
    type: s("void"),
    at: n(1),
  }));
  await admin.putAll("Messages", events);
  const closed = { closedAt: n(Date.now() - 2 * MINUTE), endReason: s("expired") };
  await admin.putAll("Messages", [remains(id)]);
  await admin.putAll("Rooms", [roomRow(id, { ...closed, ...queue(id, "over") })]);
  return sweepUntil(admin, "over", id);
}

/** Runs sweeps until no room of this prefix is in the queue. Returns how many seconds that took. */
async function sweepUntil(admin: Admin, name: "open" | "over", prefix: string): Promise<number> {
  const started = performance.now();
  const isDone = async () => {
    const waiting = await Promise.all(
      Array.from({ length: SHARDS }, (_, shard) => admin.isWaiting(`${name}#${shard}`, prefix)),
    );
    return !waiting.includes(true);
  };
  while (!(await isDone())) {
    await admin.sweep();
    for (const next = Date.now() + MINUTE; Date.now() < next && !(await isDone()); )
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return (performance.now() - started) / 1000;
}

const s = (value: string) => ({ S: value });
const n = (value: number) => ({ N: String(value) });

const roomRow = (id: string, more: object) => ({
  roomId: s(id),
  name: s("Bench"),
  visibility: s("unlisted"),
  createdAt: n(1),
  epoch: s("e1"),
  seq: n(0),
  seqAt: n(1),
  lobbyRank: s(`0000000000-${id}`),
  expiresAt: n(4_000_000_000),
  ...more,
});

/** Any shard will do: the sweep reads all of them. */
const queue = (id: string, name: "open" | "over") => ({
  sweepQueue: s(`${name}#${Number.parseInt(id.slice(-1), 36) % SHARDS}`),
  sweepAt: n(1),
});

const remains = (id: string) => ({ roomId: s("remains"), sk: s(`${id}#e1`), epoch: s("e1"), at: n(1) });
