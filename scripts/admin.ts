// `npm run admin`: what an operator can do to a room, with AWS credentials instead of a token.
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Failure } from "../local/failure.ts";
import { confirm } from "./aws/ask.ts";
import { findDeployed, stageOptions } from "./aws/deployed.ts";
import { endRoom } from "./aws/end-room.ts";
import { operatorLog } from "./aws/operator-log.ts";
import { isPermanent, RoomRows, roomTables } from "./aws/room-rows.ts";
import { isOver, showRoom } from "./aws/show-room.ts";

const POLL_MS = 2_000;
/** The sweep runs every minute. */
const TOLD_WITHIN_MS = 150_000;
const LONGEST_REASON = 500;

export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...stageOptions, room: { type: "string" }, reason: { type: "string" }, yes: { type: "boolean" } },
  });
  if (positionals.join(" ") !== "close-room") throw new Failure("Say what to do: `npm run admin -- close-room …`.");
  const { room: roomId, reason } = values;
  if (!roomId) throw new Failure("Name a room: `--room ID`. A room's id is in its link.");
  if (isPermanent(roomId)) {
    throw new Failure(
      "Conversations and the stage's own room cannot be closed: the sweep could not tell those in them.",
    );
  }
  if (!reason || reason.length > LONGEST_REASON) {
    throw new Failure(`Give a reason of at most ${LONGEST_REASON} characters for the record: \`--reason "…"\`.`);
  }

  const deployed = await findDeployed(values);
  const stage = deployed.stage.name;
  const tables = roomTables(deployed);
  const db = new DynamoDBClient({ region: deployed.region });
  const rows = new RoomRows(db, tables);
  const room = await rows.room(roomId);
  if (!room) throw new Failure(`There is no room ${roomId} in ${stage}.`);
  for (const line of showRoom(room, Date.now())) console.log(line);
  if (isOver(room, Date.now())) throw new Failure("\nThis room is over already, so nothing was changed.");

  const { arn, record } = await operatorLog(deployed);
  console.log(
    `\nYou are ${arn}. Nobody can write in this room or join it from then on. Within a minute or two, those inside are told that it ` +
      "reached its end, and everything in it is deleted. This cannot be undone.",
  );
  if (!values.yes) await confirm("Close it?");
  const what = { action: "close-room", stage, room: roomId, reason };
  await record({ ...what, outcome: "begun" });
  const ended = await endRoom(db, tables.rooms, roomId, Date.now());
  await record({ ...what, outcome: ended ? "ended" : "was over already" });
  if (!ended) throw new Failure("The room has ended in the meantime, or its end has come: nothing was changed.");
  console.log("It is over. Waiting for the sweep to tell those inside …");

  for (const limit = Date.now() + TOLD_WITHIN_MS; Date.now() < limit; await setTimeout(POLL_MS)) {
    const now = await rows.room(roomId);
    if (!now || now.endedFor !== undefined || String(now.sweepQueue).startsWith("over#")) {
      console.log("They were told. What the room held is being deleted.");
      return;
    }
    if (!isOver(now, Date.now())) {
      throw new Failure("Its owner set another end at that very moment, so the room is open: run the command again.");
    }
  }
  throw new Failure(
    `The sweep has not come to it: docs/operating.md, "The sweep is behind". \`npm run inspect -- --stage ${stage} --room ${roomId}\` shows how far it is.`,
  );
}
