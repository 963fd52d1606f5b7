// The alarms: first what people feel, then the causes. docs/operating.md has a paragraph for each, under its title.
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { type Metrics, total } from "./metrics.ts";

interface Definition {
  /** Also the heading of its paragraph in docs/operating.md. */
  readonly title: string;
  /** Looked at every five minutes. */
  readonly metric: IMetric;
  /** The alarm starts at this value. */
  readonly threshold: number;
  /** The alarm is for a value below the threshold, or none. Without this, it is for a value at or above the threshold. */
  readonly isTooFew?: true;
  /** How many consecutive periods of five minutes it must last before the alarm starts. 1 by default. */
  readonly lasting?: number;
}

/** Fewer in five minutes come from retries and deployments. The alarms' paragraphs in docs/operating.md repeat it. */
const MANY = 5;

export function addAlarms(scope: Construct, metrics: Metrics): Alarm[] {
  return definitions(metrics).map(
    ({ title, metric, threshold, isTooFew, lasting = 1 }) =>
      new Alarm(scope, idOf(title), {
        alarmDescription: `${title}. What to do: docs/operating.md#${title.toLowerCase().replaceAll(" ", "-")}`,
        metric,
        threshold,
        evaluationPeriods: lasting,
        comparisonOperator: isTooFew
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: isTooFew ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      }),
  );
}

function definitions(metrics: Metrics): Definition[] {
  return [
    { title: "Sends or joins fail", metric: total("failed", metrics.failedSendsAndJoins), threshold: MANY },
    // Milliseconds.
    { title: "Sends are slow", metric: metrics.slowSends, threshold: 1_000, lasting: 3 },
    { title: "The HTTP API fails", metric: metrics.httpErrors, threshold: MANY },
    { title: "The WebSocket API fails", metric: total("errors", metrics.webSocketErrors), threshold: MANY },
    { title: "Functions are throttled", metric: metrics.throttles, threshold: MANY },
    { title: "DynamoDB throttles", metric: total("throttled", metrics.tableThrottles), threshold: MANY },
    { title: "DynamoDB fails", metric: total("errors", metrics.tableErrors), threshold: MANY },
    // Seconds.
    { title: "The sweep is behind", metric: metrics.sweepBacklog, threshold: 300 },
    {
      title: "The sweep does not run",
      metric: new MathExpression({
        expression: "sweeps - failed",
        usingMetrics: { sweeps: metrics.sweeps, failed: metrics.failedSweeps },
        period: Duration.minutes(5),
        label: "sweeps that ended well",
      }),
      threshold: 1,
      isTooFew: true,
      lasting: 2,
    },
    ...(metrics.unanswered ? [{ title: "A bot does not answer", metric: metrics.unanswered, threshold: 1 }] : []),
  ];
}

/** Returns the title in upper camel case. */
const idOf = (title: string) => title.replace(/(?:^| )(.)/g, (_, letter: string) => letter.toUpperCase());
