import type { ResourceStatus } from "@aws-sdk/client-cloudformation";
import { expect, test } from "vitest";
import { describeFailures } from "./stack.ts";

const event = (ResourceStatus: ResourceStatus, ResourceStatusReason: string, PhysicalResourceId = "id") => ({
  StackId: "stack",
  EventId: "1",
  StackName: "parlor-dev",
  Timestamp: new Date(0),
  ResourceType: "AWS::Some::Thing",
  LogicalResourceId: "Thing",
  PhysicalResourceId,
  ResourceStatus,
  ResourceStatusReason,
});

test("only what caused a failure is listed, oldest first", () => {
  const newestFirst = [
    event("ROLLBACK_COMPLETE", "Rollback complete", "stack"),
    event("CREATE_FAILED", "the second reason"),
    event("CREATE_FAILED", "Resource creation cancelled"),
    event("CREATE_FAILED", "the first reason"),
    event("CREATE_FAILED", "The following resource(s) failed to create: [Thing]", "stack"),
    event("CREATE_COMPLETE", ""),
  ];
  expect(describeFailures(newestFirst)).toEqual([
    "AWS::Some::Thing Thing: the first reason",
    "AWS::Some::Thing Thing: the second reason",
  ]);
});

test.each([
  ["Your account must be verified before you can add new CloudFront resources.", "AWS Support"],
  ["CloudWatch Logs role ARN must be set in account settings to enable logging", "webSocketAccessLogs"],
  [
    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10].",
    "reservedConcurrency",
  ],
])("the error “%s” says what to do", (reason, advice) => {
  expect(describeFailures([event("CREATE_FAILED", reason)])).toEqual([expect.stringContaining(advice)]);
});
