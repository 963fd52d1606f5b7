// `npm run backup`: says to which times a stage can be restored, and makes backups that stay.
import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { findDeployed, stageOptions } from "./aws/deployed.ts";
import { tablesInUse } from "./aws/functions.ts";
import { backUp, forEachTable, recoveryWindow, sizeOf, tableKeys } from "./aws/recovery.ts";

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...stageOptions, now: { type: "boolean" } } });
  const deployed = await findDeployed(values);
  const db = new DynamoDBClient({ region: deployed.region });
  const tables = await tablesInUse(deployed);
  const sizes = await forEachTable(tables, (name) => sizeOf(db, name));
  const windows = await forEachTable(tables, (name) => recoveryWindow(db, name));
  for (const key of tableKeys) {
    const { rows, bytes } = sizes[key];
    const window = windows[key];
    const times = window
      ? `${window.earliest.toISOString()} to ${window.latest.toISOString()}`
      : "no time: recovery is off";
    console.log(`${tables[key]}: about ${rows} rows, ${(bytes / 1e6).toFixed(1)} MB; can be restored to ${times}`);
  }
  if (values.now) {
    const backups = await forEachTable(tables, (name) => backUp(db, name, new Date()));
    console.log(`\nBackups, which stay until somebody deletes them:\n${Object.values(backups).join("\n")}`);
  } else if (!deployed.stage.keepsData) {
    console.log(
      `\n${deployed.stage.name} does not keep its data: set keepsData in cdk/stages.ts, or make a backup with --now.`,
    );
  }
  return tableKeys.every((key) => windows[key]) || values.now || !deployed.stage.keepsData ? 0 : 1;
}
