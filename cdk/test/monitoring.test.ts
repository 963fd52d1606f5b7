// The dashboard and the alarms: what they show exists, every alarm is explained, and somebody is told.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { OWN } from "../monitoring/metrics.ts";
import { type Stage, stages, validateStage } from "../stages.ts";
import { ofType, permissions, referenced, render, routeFunctions } from "../template/read.ts";
import { synthesize, type Template } from "../template/synthesize.ts";

const read = (file: string) => readFileSync(join(import.meta.dirname, "../..", file), "utf8");

const { bots } = stages.local;
if (!bots) throw new Error("The local stage has no bots");
/** With every alarm. */
const { template } = synthesize({ ...stages.prod, bots });
const alarms = ofType(template, "AWS::CloudWatch::Alarm").map(([, { Properties }]) => Properties);
const monitored = (monitoring: NonNullable<Stage["monitoring"]>) =>
  synthesize(validateStage({ ...stages.dev, bots, monitoring }));

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** Returns the metrics that an alarm is about. */
const ofAlarm = (alarm: (typeof alarms)[number]): Metric[] =>
  alarm.Metrics?.flatMap(({ MetricStat }: { MetricStat?: { Metric: Metric } }) => MetricStat?.Metric ?? []) ?? [alarm];

type Cell = string | { readonly expression?: string };

/** The dashboard's lines: `[namespace, name, dimension, value, …, options]`, or `[options]` for a search. */
const lines: Cell[][] = ofType(template, "AWS::CloudWatch::Dashboard").flatMap(([, { Properties }]) =>
  JSON.parse(
    Properties.DashboardBody["Fn::Join"][1]
      .map((part: unknown) => (typeof part === "string" ? part : render(part)))
      .join(""),
  ).widgets.flatMap(({ properties }: { properties: { metrics?: Cell[][] } }) => properties.metrics ?? []),
);

/** A metric with the names of its dimensions: `AWS/Lambda Errors FunctionName`. */
const kind = (namespace: unknown, name: unknown, dimensions: readonly unknown[]) =>
  [namespace, name, ...[...dimensions].sort()].join(" ");

const shown = lines
  .filter((line) => line.length > 1)
  .map(([namespace, name, ...rest]) =>
    kind(
      namespace,
      name,
      rest.filter((cell, at) => at % 2 === 0 && typeof cell === "string"),
    ),
  );
const searched = lines
  .filter((line) => line.length === 1)
  .map(([options]) => (options as { expression: string }).expression);
const watched = alarms.flatMap(ofAlarm).map(({ Namespace, MetricName, Dimensions = [] }) =>
  kind(
    Namespace,
    MetricName,
    Dimensions.map(({ Name }) => Name),
  ),
);

const telemetry = read("handlers/lambda/src/telemetry.rs");
const own = Object.fromEntries(
  [...telemetry.matchAll(/^ {4}\("([A-Za-z]+)", "(Count|Seconds)"\),$/gm)].map(([, name, unit]) => [name, unit]),
);
const byRoute = /const BY_ROUTE: &str = "(\w+)";/.exec(telemetry)?.[1];

/**
 * AWS's metrics that are free, with their dimensions, as documented in
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html.
 */
const documented = [
  ...["Invocations", "Errors", "Duration"].map((name) => kind("AWS/Lambda", name, ["FunctionName"])),
  ...["Throttles", "ConcurrentExecutions"].map((name) => kind("AWS/Lambda", name, [])),
  ...["Count", "4xx", "5xx"].map((name) => kind("AWS/ApiGateway", name, ["ApiId", "Stage"])),
  ...["ConnectCount", "MessageCount", "ClientError", "IntegrationError", "ExecutionError"].map((name) =>
    kind("AWS/ApiGateway", name, ["ApiId", "Stage"]),
  ),
  ...["ReadThrottleEvents", "WriteThrottleEvents"].map((name) => kind("AWS/DynamoDB", name, ["TableName"])),
  kind("AWS/DynamoDB", "SystemErrors", ["Operation", "TableName"]),
  kind("AWS/SQS", "ApproximateNumberOfMessagesVisible", ["QueueName"]),
];

test("the functions' own metrics are those that the handlers write", () => {
  expect(OWN).toEqual(own);
  expect(telemetry).toContain('const NAMESPACE: &str = "Parlor";');
});

test("the dashboard and the alarms use only metrics that exist", () => {
  const written = [
    ...Object.keys(own).map((name) => kind("Parlor", name, ["stage"])),
    kind("Parlor", byRoute, ["route", "stage"]),
  ];
  expect([...shown, ...watched].filter((metric) => ![...written, ...documented].includes(metric))).toEqual([]);
  expect(searched).toEqual([`SEARCH('{Parlor,stage,route} MetricName="${byRoute}" stage="prod"', 'Sum')`]);
});

test("the dashboard shows every metric of the functions' own, and every metric that an alarm watches", () => {
  expect(shown).toEqual(expect.arrayContaining(Object.keys(own).map((name) => kind("Parlor", name, ["stage"]))));
  const onlyInAlarms = watched.filter((metric) => !shown.includes(metric));
  // The search shows the first. Failed sends and joins are those of two routes.
  const bySearch = kind("Parlor", byRoute, ["route", "stage"]);
  expect(onlyInAlarms.filter((metric) => metric !== bySearch)).toEqual([]);
});

test("the dashboard stays below the 50 metrics up to which three are free", () => {
  expect(shown.length + searched.length).toBeLessThanOrEqual(50);
});

test("every alarm has a paragraph in docs/operating.md, and every paragraph an alarm", () => {
  const section = /^## Alarms\n([\s\S]*?)^## /m.exec(read("docs/operating.md"))?.[1] ?? "";
  const titles = [...section.matchAll(/^### (.+)$/gm)].map(([, title = ""]) => title);
  const described = titles.map(
    (title) => `${title}. What to do: docs/operating.md#${title.toLowerCase().replaceAll(" ", "-")}`,
  );
  expect(alarms.map(({ AlarmDescription }) => AlarmDescription)).toEqual(described);
});

test("only an alarm about too few treats no value as wrong", () => {
  const wrong = alarms.filter(({ TreatMissingData }) => TreatMissingData === "breaching");
  expect(wrong.map(({ AlarmDescription }) => AlarmDescription)).toEqual([
    expect.stringMatching(/^The sweep does not run/),
  ]);
  expect(wrong[0]).toMatchObject({ ComparisonOperator: "LessThanThreshold" });
  for (const { TreatMissingData, ComparisonOperator } of alarms.filter((alarm) => !wrong.includes(alarm))) {
    expect({ TreatMissingData, ComparisonOperator }).toEqual({
      TreatMissingData: "notBreaching",
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
  }
});

test("no alarm is about more metrics than CloudWatch allows in one", () => {
  for (const alarm of alarms) expect(ofAlarm(alarm).length, alarm.AlarmDescription).toBeLessThanOrEqual(10);
});

test("the queries in docs/operating.md use only fields that the logs have", () => {
  const queries = [...read("docs/operating.md").matchAll(/^```\n(filter .+)\n```$/gm)].map(([, query = ""]) => query);
  expect(queries.length).toBeGreaterThanOrEqual(6);
  const language = "filter ispresent stats count as number by sort desc pct max like fields limit and or";
  const ofFunctions = [...telemetry.matchAll(/^ {4}([a-z_]+): (?:&|Value|u64|usize|Millis|Option<String>)/gm)].map(
    ([, field = ""]) => field.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
  );
  const stage = ofType(template, "AWS::ApiGatewayV2::Stage").find(([id]) => id.startsWith("Http"))?.[1];
  const ofAccess = Object.keys(JSON.parse(stage?.Properties.AccessLogSettings.Format));
  const known = new Set([...language.split(" "), ...ofFunctions, ...ofAccess]);
  for (const query of queries) {
    const words = query.replace(/'[^']*'|\/[^/]*\//g, "").match(/(?<![@\w])[A-Za-z]+/g) ?? [];
    expect(
      words.filter((word) => !known.has(word)),
      query,
    ).toEqual([]);
  }
});

test("docs/costs.md adds up what the metrics, the alarms and the dashboard cost", () => {
  const costs = read("docs/costs.md");
  const row = (name: string) => new RegExp(`^\\| ${name} \\| (.+) \\|$`, "m").exec(costs)?.[1];
  const priced = (number: number, price: number) => `${number} | ${price.toFixed(2)} | ${(number * price).toFixed(2)}`;
  // A stage without bots has one alarm less.
  const [metrics, alarmMetrics] = [Object.keys(own).length, alarms.flatMap(ofAlarm).length - 1];
  expect(row("the functions' own metrics")).toBe(priced(metrics, 0.3));
  expect(row("metrics that alarms watch")).toBe(priced(alarmMetrics, 0.1));
  expect(row("dashboard")).toBe(priced(1, 3));
  expect(costs).toContain(`| together | | | ${(metrics * 0.3 + alarmMetrics * 0.1 + 3).toFixed(2)} |`);
  // Ten metrics that alarms watch are free.
  expect(costs).toContain(`**$${((alarmMetrics - 10) * 0.1).toFixed(2)} for the first monitored stage**`);
});

test("a stage without monitoring has no dashboard, no alarms and no metrics", () => {
  const { template: none } = synthesize(stages.dev);
  for (const type of ["Alarm", "Dashboard"]) expect(ofType(none, `AWS::CloudWatch::${type}`)).toEqual([]);
  for (const [, { resource }] of routeFunctions(none)) {
    expect(resource.Properties.Environment.Variables.METRICS).toBeUndefined();
  }
});

describe("delivery", () => {
  const actions = (of: Template) =>
    ofType(of, "AWS::CloudWatch::Alarm").map(([, { Properties }]) => [Properties.AlarmActions, Properties.OKActions]);

  test("without a setting, nobody is told", () => {
    expect(ofType(template, "AWS::SNS::Topic")).toEqual([]);
    for (const both of actions(template)) expect(both).toEqual([undefined, undefined]);
  });

  test("a topic is told when an alarm starts and when it ends", () => {
    const alarmTopicArn = "arn:aws:sns:eu-central-1:123456789012:on-call";
    const told = actions(monitored({ alarmTopicArn }).template);
    expect(told).toHaveLength(alarms.length);
    for (const both of told) expect(both).toEqual([[alarmTopicArn], [alarmTopicArn]]);
  });

  test("an address gets emails from a topic to which only this account's CloudWatch publishes, over TLS", () => {
    const { app, template: mailing } = monitored({ alarmEmail: "ada@example.org" });
    const [[id]] = ofType(mailing, "AWS::SNS::Topic") as [[string, unknown]];
    for (const both of actions(mailing)) expect(both).toEqual([[{ Ref: id }], [{ Ref: id }]]);
    const [subscription, ...others] = ofType(mailing, "AWS::SNS::Subscription").map(([, { Properties }]) => Properties);
    expect(others).toEqual([]);
    expect([subscription.Protocol, subscription.Endpoint, referenced(subscription.TopicArn)]).toEqual([
      "email",
      "ada@example.org",
      id,
    ]);
    expect(permissions(mailing).filter((line) => line.includes("sns:"))).toEqual([
      `* may not sns:Publish on <${id}> if {"Bool":{"aws:SecureTransport":"false"}}`,
      `cloudwatch.amazonaws.com may sns:Publish on <${id}> if {"StringEquals":{"aws:SourceAccount":"<AWS::AccountId>"}}`,
    ]);
    const findings = new AwsSolutionsChecks().validateScope(app).violations;
    expect(findings.map(({ ruleName, violatingResources }) => ({ ruleName, violatingResources }))).toEqual([]);
  });

  test.each(["", "ada", "ada@", "ada@example", "a b@example.org"])("the address %j is rejected", (alarmEmail) => {
    expect(() => monitored({ alarmEmail })).toThrow("monitoring.alarmEmail is");
  });

  test.each([
    "",
    "on-call",
    "arn:aws:sns:eu-central-1:123456789012:on-call.fifo",
    "arn:aws:sqs:eu-central-1:123456789012:q",
  ])("the topic %j is rejected", (alarmTopicArn) => {
    expect(() => monitored({ alarmTopicArn })).toThrow("monitoring.alarmTopicArn is");
  });
});
