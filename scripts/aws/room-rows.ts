// Reads a room's rows. `handlers/chat/src/store` owns them; a system test compares.
import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Rate, Rates } from "../../cdk/stages.ts";
import { isConversation } from "../../client/src/ids.ts";
import { type Deployed, tableName } from "./deployed.ts";

/** The names of the tables. */
export interface RoomTables {
  readonly rooms: string;
  readonly connections: string;
  readonly messages: string;
  readonly members: string;
  readonly limits: string;
}

export const roomTables = (deployed: Deployed): RoomTables => ({
  rooms: tableName(deployed, "Rooms"),
  connections: tableName(deployed, "Connections"),
  messages: tableName(deployed, "Messages"),
  members: tableName(deployed, "Members"),
  limits: tableName(deployed, "Limits"),
});

/** A row: its attributes are checked where they are shown, because a row may be unreadable. */
export type Row = Readonly<Record<string, unknown>>;

/** DynamoDB answers at most so many keys at once. */
const BATCH = 100;

/** Whether this room does not end by itself. `handlers/chat/src/store/rooms/commons.rs` decides it. */
export const isPermanent = (roomId: string) => roomId === "commons" || isConversation(roomId);

/** Returns the rows with these keys, in any order. Keys without a row are missing. */
export async function batchGet(
  db: DynamoDBClient,
  table: string,
  keys: readonly Row[],
  ConsistentRead = false,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < keys.length; at += BATCH) {
    const Keys = keys.slice(at, at + BATCH).map((key) => marshall(key));
    let left: BatchGetItemCommandInput["RequestItems"] = { [table]: { Keys, ConsistentRead } };
    while (left && Object.keys(left).length > 0) {
      const answer: BatchGetItemCommandOutput = await db.send(new BatchGetItemCommand({ RequestItems: left }));
      rows.push(...(answer.Responses?.[table] ?? []).map((item) => unmarshall(item)));
      left = answer.UnprocessedKeys;
    }
  }
  return rows;
}

export class RoomRows {
  readonly #db: DynamoDBClient;
  readonly #tables: RoomTables;

  constructor(db: DynamoDBClient, tables: RoomTables) {
    this.#db = db;
    this.#tables = tables;
  }

  /** The room itself, or its tombstone. */
  async room(roomId: string): Promise<Row | undefined> {
    const request = { TableName: this.#tables.rooms, Key: marshall({ roomId }), ConsistentRead: true };
    const { Item } = await this.#db.send(new GetItemCommand(request));
    return Item && unmarshall(Item);
  }

  /** The log's rows from one number to another, by number. Numbers without a row are missing. */
  async log(roomId: string, epoch: string, from: number, to: number): Promise<Map<number, Row>> {
    const key = (seq: number) => `event#${epoch}#${String(seq).padStart(16, "0")}`;
    const rows = await queryAll(this.#db, this.#tables.messages, "roomId = :room AND sk BETWEEN :from AND :to", {
      ":room": roomId,
      ":from": key(from),
      ":to": key(to),
    });
    return new Map(rows.map((row) => [Number(String(row.sk).split("#").at(-1)), row]));
  }

  /** The connections in the room, also those whose lease has ended. */
  occupants(roomId: string): Promise<Row[]> {
    return queryAll(this.#db, this.#tables.connections, "channel = :channel", { ":channel": `room#${roomId}` });
  }

  /** The seats and names that people hold. */
  claims(roomId: string): Promise<Row[]> {
    return rowsInScope(this.#db, this.#tables.members, `claims#${roomId}`);
  }

  /** How many tokens are taken from these buckets. Full ones are missing. */
  async taken(buckets: ReadonlyMap<string, Rate>, now: number): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    const keys = [...buckets.keys()].map((limitId) => ({ limitId }));
    for (const { limitId, fullAt } of await batchGet(this.#db, this.#tables.limits, keys)) {
      const rate = buckets.get(String(limitId));
      const count = rate ? Math.ceil(((Number(fullAt) - now) * rate.perMinute) / 60_000) : 0;
      if (count > 0) found.set(String(limitId), count);
    }
    return found;
  }
}

/** Returns all rows of a query. */
async function queryAll(
  db: DynamoDBClient,
  table: string,
  condition: string,
  values: object,
  names?: Record<string, string>,
): Promise<Row[]> {
  const input: QueryCommandInput = {
    TableName: table,
    KeyConditionExpression: condition,
    ExpressionAttributeValues: marshall(values),
    ConsistentRead: true,
    ...(names && { ExpressionAttributeNames: names }),
  };
  const rows: Row[] = [];
  for await (const { Items = [] } of paginateQuery({ client: db }, input)) {
    rows.push(...Items.map((item) => unmarshall(item)));
  }
  return rows;
}

/** Returns the rows of a scope of Members. */
export const rowsInScope = (db: DynamoDBClient, members: string, scope: string): Promise<Row[]> =>
  queryAll(db, members, "#scope = :scope", { ":scope": scope }, { "#scope": "scope" });

/** The buckets of the frames that these occupants send in a room, and of its password. */
export function bucketsOf(roomId: string, occupants: readonly Row[], rates: Rates): Map<string, Rate> {
  return new Map([
    ...occupants.map(({ connectionId }) => [`frames#${connectionId}`, rates.frames] as const),
    ...occupants.map(({ userId }) => [`room#${roomId}#${userId}`, rates.roomFrames] as const),
    [`passwords#${roomId}`, rates.roomPasswords],
  ]);
}
