// A dead-letter queue: what a function that others invoke could not do, for 14 days.
import { Duration } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledgeFinding } from "./cdk-nag.ts";
import type { Stage } from "./stages.ts";

export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const enforceSSL = stage.emulatorPort === undefined;
    this.queue = new Queue(this, "Queue", { enforceSSL, retentionPeriod: Duration.days(14) });
    acknowledgeFinding(this.queue, "AwsSolutions-SQS3", "It is a dead-letter queue itself.");
  }
}
