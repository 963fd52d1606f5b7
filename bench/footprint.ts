// The size of a local cloud: rows in its tables, and processes and memory of its functions.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { dynamoDb, succeed } from "../local/calls.ts";
import type { Instance } from "../local/instance.ts";
import { stackResources } from "../local/resources.ts";

export interface Footprint {
  /** Rows by the table's name in the template. */
  readonly rows: Readonly<Record<string, number>>;
  /** Function processes. */
  readonly functions: number;
  /** Resident memory of all function processes together, in MB. */
  readonly megabytes: number;
}

export async function footprint(at: Instance): Promise<Footprint> {
  const tables = (await stackResources(at)).filter(({ type }) => type === "AWS::DynamoDB::GlobalTable");
  const rows = tables.map(async ({ logicalId, physicalId }) => {
    const name = logicalId.replace(/^Tables(\w+?)[0-9A-F]{8}$/, "$1");
    return [name, await countRows(at, physicalId)] as const;
  });
  const { stdout } = await promisify(execFile)("ps", ["-axo", "rss=,command="]);
  const kilobytes = stdout
    .split("\n")
    .map((line) => /^\s*(\d+)\s+\S*\/bootstrap\b/.exec(line)?.[1])
    .filter((rss) => rss !== undefined)
    .map(Number);
  return {
    rows: Object.fromEntries(await Promise.all(rows)),
    functions: kilobytes.length,
    megabytes: kilobytes.reduce((sum, rss) => sum + rss, 0) / 1024,
  };
}

async function countRows(at: Instance, TableName: string): Promise<number> {
  let total = 0;
  let ExclusiveStartKey: unknown;
  do {
    const page = JSON.parse(
      await succeed(
        at,
        dynamoDb("Scan", { TableName, Select: "COUNT", ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) }),
      ),
    );
    total += page.Count;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return total;
}
