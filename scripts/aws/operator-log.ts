// Records what an operator does, in the stage's log group for that.
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from "@aws-sdk/client-cloudwatch-logs";
import { awsAccount } from "./account.ts";
import { type Deployed, resourceName } from "./deployed.ts";

/** Returns who the credentials belong to, and a function that records a line. It rejects if the line is not stored. */
export async function operatorLog(deployed: Deployed) {
  const client = new CloudWatchLogsClient({ region: deployed.region });
  const logGroupName = resourceName(deployed, "AWS::Logs::LogGroup", "OperatorLogs");
  const { arn } = await awsAccount(deployed.region, process.env).identity();
  const record = async (what: Readonly<Record<string, string>>): Promise<void> => {
    const timestamp = Date.now();
    const logStreamName = new Date(timestamp).toISOString().slice(0, 10);
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch((error) => {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    });
    const message = JSON.stringify({ ...what, by: arn });
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [{ timestamp, message }] }));
  };
  return { arn, record };
}
