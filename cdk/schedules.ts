// Invokes the routes that run on a schedule.
import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type { RouteFunction } from "./route-function.ts";

export class Schedules extends Construct {
  constructor(scope: Construct, id: string, functions: readonly RouteFunction[]) {
    super(scope, id);
    for (const { route, function: handler } of functions) {
      if (route.trigger.kind !== "schedule") continue;
      new Rule(this, route.name, {
        description: route.description,
        schedule: Schedule.rate(Duration.minutes(route.trigger.minutes)),
        targets: [new LambdaFunction(handler)],
      });
    }
  }
}
