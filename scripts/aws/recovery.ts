// Restores the tables that keep data to a second of the past, under new names, and prepares them for use.
import {
  CreateBackupCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  RestoreTableToPointInTimeCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import type { TableNames } from "../../cdk/table-names.ts";
import { Failure } from "../../local/failure.ts";

/** The seconds that a table can be restored to. Undefined if it has no point-in-time recovery. */
export interface Window {
  readonly earliest: Date;
  readonly latest: Date;
}

/** AWS restores in 20 minutes or more, depending on the table's size. */
const RESTORED_WITHIN_S = 12 * 60 * 60;

export const tableKeys = ["rooms", "messages", "members", "people"] as const satisfies (keyof TableNames)[];

/** Applies a function to each table. */
export async function forEachTable<Result>(
  tables: TableNames,
  work: (name: string, key: keyof TableNames) => Promise<Result>,
): Promise<Record<keyof TableNames, Result>> {
  const results = await Promise.all(tableKeys.map(async (key) => [key, await work(tables[key], key)] as const));
  return Object.fromEntries(results) as Record<keyof TableNames, Result>;
}

export async function recoveryWindow(db: DynamoDBClient, table: string): Promise<Window | undefined> {
  const { ContinuousBackupsDescription: found } = await db.send(
    new DescribeContinuousBackupsCommand({ TableName: table }),
  );
  const { EarliestRestorableDateTime: earliest, LatestRestorableDateTime: latest } =
    found?.PointInTimeRecoveryDescription ?? {};
  return earliest && latest ? { earliest, latest } : undefined;
}

/** Rows and bytes, as of the last six hours. */
export async function sizeOf(db: DynamoDBClient, table: string) {
  const { Table } = await db.send(new DescribeTableCommand({ TableName: table }));
  return { rows: Table?.ItemCount ?? 0, bytes: Table?.TableSizeBytes ?? 0 };
}

/** Makes a backup of its own, which stays until somebody deletes it. Returns its ARN. */
export async function backUp(db: DynamoDBClient, table: string, at: Date): Promise<string> {
  const request = new CreateBackupCommand({ TableName: table, BackupName: `${table}-${compact(at)}`.slice(-255) });
  return (await db.send(request)).BackupDetails?.BackupArn ?? "";
}

const compact = (at: Date) => at.toISOString().replaceAll(/[-:]|\.\d+/g, "");

/** The names of the tables that are restored to this time. */
export function restoredNames(stack: string, at: Date): TableNames {
  const name = (table: string) => `${stack}-${table}-${compact(at)}`;
  return { rooms: name("Rooms"), messages: name("Messages"), members: name("Members"), people: name("People") };
}

/**
 * The second of each table. A number is drawn in Rooms before its event is stored in Messages: with Rooms a second later, a
 * number may lack its event, which readers void, but no event lacks its number. Members goes with Rooms, which counts them.
 */
export const secondOf = (key: keyof TableNames, at: Date) =>
  key === "rooms" || key === "members" ? new Date(at.getTime() + 1_000) : at;

/** Throws a `Failure` unless each table can be restored to this time. */
export async function requireWindow(db: DynamoDBClient, tables: TableNames, at: Date): Promise<void> {
  await forEachTable(tables, async (name, key) => {
    const window = await recoveryWindow(db, name);
    if (!window) throw new Failure(`${name} has no point-in-time recovery: only a stage with keepsData has it.`);
    const second = secondOf(key, at);
    if (second < window.earliest || second > window.latest) {
      const [from, to] = [window.earliest, window.latest].map((time) => time.toISOString());
      throw new Failure(`${name} can be restored to times from ${from} to ${to} only.`);
    }
  });
}

/**
 * Restores the tables under the new names and waits until they are there. AWS copies rows and indexes, not the settings: these are
 * made here as the stack makes them. Tables that exist from an earlier attempt are kept.
 */
export async function restoreTables(
  db: DynamoDBClient,
  from: TableNames,
  to: TableNames,
  at: Date,
  onLine: (line: string) => void,
): Promise<void> {
  await forEachTable(from, async (source, key) => {
    const TableName = to[key];
    const request = { SourceTableName: source, TargetTableName: TableName, RestoreDateTime: secondOf(key, at) };
    await db.send(new RestoreTableToPointInTimeCommand(request)).catch((error: Error) => {
      if (error.name !== "TableAlreadyExistsException" && error.name !== "TableInUseException") throw error;
    });
    onLine(`${source} → ${TableName}`);
    await waitUntilTableExists(
      { client: db, maxWaitTime: RESTORED_WITHIN_S, minDelay: 1, maxDelay: 20 },
      { TableName },
    );
    onLine(`${TableName} is there`);
    const ttl = { AttributeName: "ttl", Enabled: true };
    await db.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: ttl })).catch(unlessDoneBefore);
    const recovery = { PointInTimeRecoveryEnabled: true };
    await db.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: recovery }));
    await db.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true })).catch(unlessDoneBefore);
  });
}

/** AWS refuses to set what is set. */
function unlessDoneBefore(error: Error): void {
  if (error.name !== "ValidationException" || !/already|same/i.test(error.message)) throw error;
}
