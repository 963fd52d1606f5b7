// A stage's dashboard and alarms, and where alarms are sent. docs/operating.md explains them.
import { Aws } from "aws-cdk-lib";
import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { Stage } from "../stages.ts";
import { addAlarms } from "./alarms.ts";
import { addDashboard } from "./dashboard.ts";
import { metrics, type Watched } from "./metrics.ts";

type MonitoringProps = Watched & NonNullable<Stage["monitoring"]>;

export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { alarmEmail, alarmTopicArn, ...watched }: MonitoringProps) {
    super(scope, id);
    const watchedMetrics = metrics(watched);
    const alarms = addAlarms(this, watchedMetrics);
    addDashboard(this, watchedMetrics, alarms);
    if (alarmEmail !== undefined) notify(alarms, this.emailTopic(alarmEmail));
    if (alarmTopicArn !== undefined) notify(alarms, Topic.fromTopicArn(this, "AlarmTopic", alarmTopicArn));
  }

  private emailTopic(address: string): ITopic {
    const topic = new Topic(this, "AlarmEmails", { enforceSSL: true });
    topic.addSubscription(new EmailSubscription(address));
    // A topic with a policy of its own lets nobody else publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    );
    return topic;
  }
}

/** Also tells when an alarm is over. */
function notify(alarms: Alarm[], topic: ITopic): void {
  const action = new SnsAction(topic);
  for (const alarm of alarms) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
