// The dashboard: the alarms, what people feel, then the causes.
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  type IWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { Metrics } from "./metrics.ts";

const WIDTH = 24;

export function addDashboard(scope: Construct, metrics: Metrics, alarms: Alarm[]): void {
  new Dashboard(scope, "Dashboard", {
    widgets: [
      [new AlarmStatusWidget({ title: "Alarms", alarms, width: WIDTH, height: 3 })],
      row(
        graph("Invocations by outcome", metrics.outcomes, { stacked: true }),
        graph("Unavailable, by route", [metrics.unavailableByRoute]),
        graph("Duration in ms", metrics.durations),
      ),
      row(
        graph("WebSocket API", [...metrics.webSocketTraffic, ...metrics.webSocketErrors]),
        graph("HTTP API", [...metrics.httpTraffic, metrics.httpErrors]),
        graph("Posts", metrics.posts),
      ),
      row(
        graph("Functions of this account and Region", [metrics.concurrency, metrics.throttles]),
        graph("DynamoDB: throttled", metrics.tableThrottles),
        graph("DynamoDB: errors", metrics.tableErrors),
      ),
      row(
        graph("Sweeps", [metrics.sweeps, metrics.failedSweeps]),
        graph("Age of the sweep's backlog in s", [metrics.sweepBacklog]),
        graph("Reviews that failed", [metrics.unreviewed]),
        ...(metrics.unanswered
          ? [
              graph("Questions that bots did not answer", [metrics.unanswered]),
              graph("Tokens of the bots' models", [metrics.tokens]),
            ]
          : []),
        ...(metrics.untold ? [graph("Messages that webhooks were not told", metrics.untold)] : []),
      ),
    ],
  });
}

type Graph = (width: number) => IWidget;

const graph =
  (title: string, left: IMetric[], props: GraphWidgetProps = {}): Graph =>
  (width) =>
    new GraphWidget({ title, left, leftYAxis: { min: 0 }, width, height: 6, ...props });

const row = (...graphs: Graph[]): IWidget[] => graphs.map((of) => of(WIDTH / graphs.length));
