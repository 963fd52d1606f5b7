import { expect, test } from "vitest";
import { formatInvocation, unexpectedLines } from "./logs.ts";

const shown = (invocation: object) =>
  formatInvocation(
    JSON.stringify({ route: "send", lines: [], error: null, ...invocation }),
    new Date(2026, 10, 21, 9, 5, 7),
  );

test("an invocation is shown as time, route, outcome, duration and further fields", () => {
  const line = '{"route":"send","outcome":"ok","ms":12,"delivered":3,"reason":"too slow"}';
  expect(shown({ lines: [line] })).toEqual([
    "09:05:07  send           ok             12 ms delivered=3 reason=too slow",
  ]);
});

test("text that is not JSON is shown after the route", () => {
  expect(shown({ lines: ["thread 'main' panicked"] })).toEqual(["09:05:07  send           thread 'main' panicked"]);
});

test("a failed invocation is shown with its error", () => {
  expect(shown({ error: "Runtime exited" })).toEqual(["09:05:07  send           failed       Runtime exited"]);
});

const metrics = (...names: string[]) =>
  JSON.stringify({
    CloudWatchMetrics: names.map((Name) => ({
      Dimensions: [["stage"]],
      Metrics: [{ Name, Unit: "Count" }],
      Namespace: "Parlor",
    })),
    Timestamp: 1,
  });

const sent = `{"route":"send","outcome":"ok","ms":12,"delivered":3,"ok":1,"stage":"local","_aws":${metrics("ok", "delivered")}}`;

test("metrics are left out of what is shown", () => {
  expect(shown({ lines: [sent] })).toEqual(["09:05:07  send           ok             12 ms delivered=3"]);
});

const sweep = (counts: string) =>
  `{"route":"sweep","outcome":"ok","ms":12,${counts},"sweepBacklog":48,"stage":"local","_aws":${metrics("sweepBacklog")}}`;

test("a sweep is shown if it found something, without its metric", () => {
  expect(shown({ route: "sweep", lines: [sweep('"ended":0,"deleted":0,"failed":0')] })).toEqual([]);
  expect(shown({ route: "sweep", lines: [sweep('"ended":1,"deleted":0,"failed":0')] })).toEqual([
    "09:05:07  sweep          ok             12 ms ended=1 deleted=0 failed=0 sweepBacklog=48",
  ]);
});

test("everything that a function logs besides outcomes is unexpected", () => {
  const outcomes = [
    '{"route":"send","outcome":"ok","ms":12,"delivered":3,"gone":1}',
    '{"route":"update-room","outcome":"unavailable","ms":9,"reason":"failed to read a room: AccessDeniedException"}',
    sweep('"ended":1,"deleted":0,"failed":0'),
    '{"route":"sweep","outcome":"ok","ms":12,"ended":1,"deleted":0,"failed":0,"sweepBacklog":0}',
    sent,
    `{"route":"edit","outcome":"notJoined","ms":9,"refused":1,"stage":"local","_aws":${metrics("refused")}}`,
  ];
  const others = [
    '{"route":"send","outcome":"ok","ms":12,"text":"Hello"}',
    '{"route":"send","outcome":"ok","ms":12,"reason":"failed to send: Hello, 192.0.2.1"}',
    sent.replace('"stage":"local"', '"stage":"local","room":"r"'),
    sent.replace('"Name":"ok"', '"Name":"Hello, 192.0.2.1"'),
    sent.replace('["stage"]', '["stage","userId"]'),
    "thread 'main' panicked",
  ];
  expect(unexpectedLines(JSON.stringify({ route: "send", lines: [...outcomes, ...others], error: null }))).toEqual(
    others,
  );
});
