// The metrics that the dashboard and the alarms use: those of AWS, which are free, and the functions' own.
import { Duration } from "aws-cdk-lib";
import type { HttpStage, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { functionOf, type RouteFunction } from "../route-function.ts";
import type { StageName } from "../stages.ts";
import type { Tables } from "../tables.ts";

/** What is watched. */
export interface Watched {
  readonly stage: StageName;
  readonly functions: readonly RouteFunction[];
  readonly tables: Tables;
  /** The bots' dead-letter queue, if the stage has bots. */
  readonly unanswered?: IQueue | undefined;
  /** The dead-letter queue of what webhooks could not be told. */
  readonly untold: IQueue | undefined;
  readonly webSocketStage: WebSocketStage;
  readonly httpStage: HttpStage;
}

export type Metrics = ReturnType<typeof metrics>;

/** The functions' own metrics with their units, as `handlers/lambda/src/telemetry.rs` has them. */
export const OWN = {
  ok: "Count",
  refused: "Count",
  unavailable: "Count",
  delivered: "Count",
  gone: "Count",
  skipped: "Count",
  untold: "Count",
  unreviewed: "Count",
  tokens: "Count",
  sweepBacklog: "Seconds",
} as const;

const NAMESPACE = "Parlor";
const period = Duration.minutes(5);
const sum = { statistic: "Sum", period };

export function metrics({ stage, functions, tables, unanswered, untold, webSocketStage, httpStage }: Watched) {
  const own = (metricName: keyof typeof OWN, route?: string, statistic = "Sum") =>
    new Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { stage, ...(route && { route }) },
      statistic,
      period,
      label: route ? `${metricName}: ${route}` : metricName,
    });
  const failed = (route: string) => [
    own("unavailable", route),
    functionOf(functions, route).metricErrors({ ...sum, label: `errors: ${route}` }),
  ];
  const duration = (route: string, statistic: string) =>
    functionOf(functions, route).metricDuration({ statistic, period, label: `${route} ${statistic}` });
  const webSocket = (name: string) => webSocketStage.metric(name, { ...sum, label: name });
  const ofAccount = (metricName: string, statistic: string) =>
    new Metric({ namespace: "AWS/Lambda", metricName, statistic, period, label: metricName });
  const { rooms, connections, messages, members, limits } = tables;
  const named = Object.entries({ rooms, connections, messages, members, limits });

  return {
    outcomes: [own("ok"), own("refused"), own("unavailable")],
    unavailableByRoute: new MathExpression({
      expression: `SEARCH('{${NAMESPACE},stage,route} MetricName="unavailable" stage="${stage}"', 'Sum')`,
      period,
      label: "",
    }),
    failedSendsAndJoins: [...failed("send"), ...failed("join")],
    slowSends: duration("send", "p95"),
    durations: [duration("send", "p50"), duration("send", "p95"), duration("join", "p95")],
    posts: [own("delivered"), own("gone"), own("skipped")],
    webSocketTraffic: ["ConnectCount", "MessageCount", "ClientError"].map(webSocket),
    webSocketErrors: ["IntegrationError", "ExecutionError"].map(webSocket),
    httpTraffic: [
      httpStage.metricCount({ ...sum, label: "requests" }),
      httpStage.metricClientError({ ...sum, label: "4xx" }),
    ],
    httpErrors: httpStage.metricServerError({ ...sum, label: "5xx" }),
    /** Of all functions of the account in the Region: they share one quota. */
    throttles: ofAccount("Throttles", "Sum"),
    concurrency: ofAccount("ConcurrentExecutions", "Maximum"),
    /** An alarm adds up ten metrics at most, so People is not among them: it is the one that no message waits for. */
    tableThrottles: named.flatMap(([name, table]) => [
      table.metric("ReadThrottleEvents", { ...sum, label: `${name}: reads` }),
      table.metric("WriteThrottleEvents", { ...sum, label: `${name}: writes` }),
    ]),
    /** Of the calls that sends and joins wait for. CloudWatch has no metric of a table's operations together. */
    tableErrors: (
      [
        ["rooms", rooms, "UpdateItem"],
        ["messages", messages, "TransactWriteItems"],
        ["connections", connections, "Query"],
        ["connections", connections, "PutItem"],
        ["limits", limits, "UpdateItem"],
      ] as const
    ).map(([name, table, Operation]) =>
      table.metric("SystemErrors", {
        ...sum,
        dimensionsMap: { TableName: table.tableName, Operation },
        label: `${name}: ${Operation}`,
      }),
    ),
    unreviewed: own("unreviewed"),
    sweepBacklog: own("sweepBacklog", undefined, "Maximum"),
    /** Of the models that answer for bots. */
    tokens: own("tokens"),
    sweeps: functionOf(functions, "sweep").metricInvocations({ ...sum, label: "sweeps" }),
    failedSweeps: functionOf(functions, "sweep").metricErrors({ ...sum, label: "failed sweeps" }),
    unanswered: unanswered?.metricApproximateNumberOfMessagesVisible({
      statistic: "Maximum",
      period,
      label: "unanswered questions",
    }),
    untold: untold && [
      own("untold"),
      untold.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period, label: "given up in 14 days" }),
    ],
  };
}

/** Adds metrics up, at most ten. One without a value counts as 0. */
export function total(label: string, added: readonly IMetric[]): MathExpression {
  const usingMetrics = Object.fromEntries(added.map((metric, at) => [`m${at}`, metric]));
  return new MathExpression({ expression: "SUM(FILL(METRICS(), 0))", usingMetrics, period, label });
}
