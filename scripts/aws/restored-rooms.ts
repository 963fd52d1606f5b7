// Makes the rooms of a restored table continue where the live table is. Nothing may write to either table while this runs.
import { type DynamoDBClient, paginateScan, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { TableNames } from "../../cdk/table-names.ts";
import { batchGet, type Row, rowsInScope } from "./room-rows.ts";

const IDLE_MS = 24 * 60 * 60 * 1_000;
const MINUTE_MS = 60_000;
/** How long a lease lasts, and so a person is in a room after their last ping. */
const LEASE_MS = 5 * MINUTE_MS;
/** Rows that are read at once. */
const PAGE = 100;
/** The names of the last draws, which go with the number. `DRAWS` in `handlers/chat/src/store/rooms/draw.rs`. */
const DRAWS = Array.from({ length: 8 }, (_, n) => `draw${n}`);

export interface Continued {
  readonly rooms: number;
  /** Rooms in which the live table had drawn more numbers. */
  readonly ahead: number;
}

/**
 * Returns what to change in a restored row. Undefined if the room is over.
 *
 * **Its number.** People have seen the numbers that were drawn after the time that is restored. They must not be drawn again: a client
 * would take the new event for one that it has. So the number goes on from the live row's, if it is of the same epoch.
 *
 * **Its end.** A room ends a day after its last activity, or some time after its owner left. The time that is restored may be longer
 * ago than that, and the sweep would delete what was just restored. So both times start again. A fixed end stays.
 */
export function continued(row: Row, live: Row | undefined, now: number): Record<string, unknown> | undefined {
  if (row.endedFor !== undefined || row.closedAt !== undefined) return undefined;
  const isAhead = live?.epoch === row.epoch && Number(live?.seq) > Number(row.seq);
  const drawn = isAhead ? ["seq", "seqAt", ...DRAWS].filter((name) => live?.[name] !== undefined) : [];
  const expiresAt = Math.ceil((now + IDLE_MS) / MINUTE_MS) * (MINUTE_MS / 1_000);
  const absence = Number(row.absenceSeconds);
  return {
    ...Object.fromEntries(drawn.map((name) => [name, live?.[name]])),
    expiresAt: Math.max(Number(row.expiresAt) || 0, expiresAt),
    ...(row.ownerUntil !== undefined && absence > 0 && { ownerUntil: now + LEASE_MS + absence * 1_000 }),
  };
}

/**
 * Returns what the row of a conversation says of its members, given their rows. Members may have been restored a moment before or
 * after Rooms, and nobody can write in a conversation whose row does not agree with its members.
 */
export function agreed(members: readonly Row[]): Record<string, unknown> {
  return {
    membersVersion: Math.max(0, ...members.map(({ version }) => Number(version))),
    membersCount: members.filter(({ until }) => until === undefined).length,
  };
}

/** Applies `continued` and `agreed` to every row of the restored table. Can be repeated. */
export async function continueRooms(
  db: DynamoDBClient,
  restored: TableNames,
  live: TableNames,
  now: number,
): Promise<Continued> {
  let [rooms, ahead] = [0, 0];
  const pages = paginateScan({ client: db, pageSize: PAGE }, { TableName: restored.rooms, ConsistentRead: true });
  for await (const { Items = [] } of pages) {
    const rows = Items.map((item) => unmarshall(item));
    const keys = rows.map(({ roomId }) => ({ roomId }));
    const others = new Map((await batchGet(db, live.rooms, keys, true)).map((row) => [row.roomId, row]));
    for (const row of rows) {
      const changes = continued(row, others.get(row.roomId), now);
      if (!changes) continue;
      rooms++;
      if (changes.seq !== undefined) ahead++;
      const isConversation = row.conversation !== undefined;
      const members = isConversation ? await rowsInScope(db, restored.members, `members#${row.roomId}`) : [];
      await set(db, restored.rooms, String(row.roomId), { ...changes, ...(isConversation && agreed(members)) });
    }
  }
  return { rooms, ahead };
}

async function set(db: DynamoDBClient, table: string, roomId: string, changes: object): Promise<void> {
  const entries = Object.entries(changes);
  await db.send(
    new UpdateItemCommand({
      TableName: table,
      Key: marshall({ roomId }),
      UpdateExpression: `SET ${entries.map((_, n) => `#${n} = :${n}`).join(", ")}`,
      ExpressionAttributeNames: Object.fromEntries(entries.map(([name], n) => [`#${n}`, name])),
      ExpressionAttributeValues: marshall(Object.fromEntries(entries.map(([, value], n) => [`:${n}`, value]))),
    }),
  );
}
