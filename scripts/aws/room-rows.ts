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
    const rows = await this.#query(this.#tables.messages, "roomId = :room AND sk BETWEEN :from AND :to", {
      ":room": roomId,
      ":from": key(from),
      ":to": key(to),
    });
    return new Map(rows.map((row) => [Number(String(row.sk).split("#").at(-1)), row]));
  }

  /** The connections in the room, also those whose lease has ended. */
  occupants(roomId: string): Promise<Row[]> {
    return this.#query(this.#tables.connections, "channel = :channel", { ":channel": `room#${roomId}` });
  }

  /** The seats and names that people hold. */
  claims(roomId: string): Promise<Row[]> {
    const condition = "#scope = :scope";
    return this.#query(this.#tables.members, condition, { ":scope": `claims#${roomId}` }, { "#scope": "scope" });
  }

  /** How many tokens are taken from these buckets. Full ones are missing. */
  async taken(buckets: ReadonlyMap<string, Rate>, now: number): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    const names = [...buckets.keys()];
    for (let at = 0; at < names.length; at += BATCH) {
      const Keys = names.slice(at, at + BATCH).map((limitId) => marshall({ limitId }));
      let left: BatchGetItemCommandInput["RequestItems"] = { [this.#tables.limits]: { Keys } };
      while (left && Object.keys(left).length > 0) {
        const answer: BatchGetItemCommandOutput = await this.#db.send(new BatchGetItemCommand({ RequestItems: left }));
        for (const item of answer.Responses?.[this.#tables.limits] ?? []) {
          const { limitId, fullAt } = unmarshall(item);
          const rate = buckets.get(limitId);
          const count = rate ? Math.ceil(((Number(fullAt) - now) * rate.perMinute) / 60_000) : 0;
          if (count > 0) found.set(limitId, count);
        }
        left = answer.UnprocessedKeys;
      }
    }
    return found;
  }

  async #query(table: string, condition: string, values: object, names?: Record<string, string>): Promise<Row[]> {
    const input: QueryCommandInput = {
      TableName: table,
      KeyConditionExpression: condition,
      ExpressionAttributeValues: marshall(values),
      ConsistentRead: true,
      ...(names && { ExpressionAttributeNames: names }),
    };
    const rows: Row[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.#db }, input)) {
      rows.push(...Items.map((item) => unmarshall(item)));
    }
    return rows;
  }
}

/** The buckets of the frames that these occupants send in a room, and of its password. */
export function bucketsOf(roomId: string, occupants: readonly Row[], rates: Rates): Map<string, Rate> {
  return new Map([
    ...occupants.map(({ connectionId }) => [`frames#${connectionId}`, rates.frames] as const),
    ...occupants.map(({ userId }) => [`room#${roomId}#${userId}`, rates.roomFrames] as const),
    [`passwords#${roomId}`, rates.roomPasswords],
  ]);
}
