// Ends a room by setting its fixed end to now. The functions keep the log's invariants: from then on, none draws a number in the
// room or lets anyone in, and the sweep tells those inside and deletes what the room held, as at any other end.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionConflictException,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";

/** A room that is written to at the same time refuses the update. The SDK does not repeat it. */
const ATTEMPTS = 10;

/** Returns whether the room has ended because of this: not if it was over, or does not exist. */
export async function endRoom(db: DynamoDBClient, table: string, roomId: string, now: number): Promise<boolean> {
  const update = new UpdateItemCommand({
    TableName: table,
    Key: marshall({ roomId }),
    // Any shard of the queue is swept.
    UpdateExpression: "SET endsAt = :now, sweepAt = :now, sweepQueue = if_not_exists(sweepQueue, :queue)",
    ConditionExpression:
      "attribute_exists(roomId) AND attribute_not_exists(closedAt) AND attribute_not_exists(endedFor) " +
      "AND (attribute_not_exists(endsAt) OR endsAt > :now)",
    ExpressionAttributeValues: marshall({ ":now": now, ":queue": "open#0" }),
  });
  for (let attempt = 1; ; attempt++) {
    try {
      await db.send(update);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      if (!(error instanceof TransactionConflictException) || attempt === ATTEMPTS) throw error;
    }
  }
}
