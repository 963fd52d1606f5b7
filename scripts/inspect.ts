// `npm run inspect`: shows a room as its rows say. Only reads.
import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Failure } from "../local/failure.ts";
import { findDeployed, stageOptions } from "./aws/deployed.ts";
import { bucketsOf, RoomRows, roomTables } from "./aws/room-rows.ts";
import { showEvent, showOccupants, showRoom } from "./aws/show-room.ts";

/** Numbers shown before and after the one that was asked for. */
const AROUND = 10;

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { ...stageOptions, room: { type: "string" }, around: { type: "string" }, texts: { type: "boolean" } },
  });
  const roomId = values.room;
  if (!roomId) throw new Failure("Name a room: `--room ID`. A room's id is in its link.");
  const around = values.around === undefined ? undefined : Number(values.around);
  if (around !== undefined && !(Number.isSafeInteger(around) && around > 0)) {
    throw new Failure(`\`--around ${values.around}\` is not a number of a log: give a whole number from 1.`);
  }
  const deployed = await findDeployed(values);
  const rows = new RoomRows(new DynamoDBClient({ region: deployed.region }), roomTables(deployed));

  const now = Date.now();
  const room = await rows.room(roomId);
  if (!room) throw new Failure(`There is no room ${roomId} in this stage, and no trace of one from the last 7 days.`);
  for (const line of showRoom(room, now)) console.log(line);
  if (room.endedFor !== undefined) return;

  const last = Number(room.seq) || 0;
  const [from, to] = [Math.max(1, (around ?? last) - AROUND), Math.min(last, (around ?? last) + AROUND)];
  const log = await rows.log(roomId, String(room.epoch), from, to);
  console.log(last === 0 ? "\nThe log is empty." : `\nThe log from ${from} to ${to}:`);
  for (let seq = from; seq <= to; seq++) console.log(showEvent(seq, log.get(seq), values.texts ?? false));

  const occupants = await rows.occupants(roomId);
  console.log("\nInside:");
  for (const line of showOccupants(occupants, now)) console.log(line);
  const claims = (await rows.claims(roomId)).filter(({ leaseUntil }) => Number(leaseUntil) > now);
  if (claims.length > 0) console.log(`  seats and names that are held: ${claims.length}`);

  const buckets = bucketsOf(roomId, occupants, deployed.stage.rates);
  const taken = await rows.taken(buckets, now);
  console.log("\nRates that are used, of all at once (by the settings in this folder):");
  for (const [bucket, count] of taken) console.log(`  ${bucket}: ${count} of ${buckets.get(bucket)?.burst}`);
  if (taken.size === 0) console.log("  none");
}
