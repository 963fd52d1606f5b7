// The HTTP API, under `/api`.
import { RemovalPolicy } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledgeFinding } from "./cdk-nag.ts";
import type { RouteFunction } from "./route-function.ts";
import type { Stage } from "./stages.ts";

export class HttpGateway extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.api = new HttpApi(this, "Api", { apiName: `parlor-${stage.name}-http`, createDefaultStage: false });
    const logs = new LogGroup(this, "AccessLogs", {
      retention: stage.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stage = new HttpStage(this, "Stage", {
      httpApi: this.api,
      autoDeploy: true,
      throttle: stage.httpThrottle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: "$context.requestId",
            at: "$context.requestTimeEpoch",
            route: "$context.routeKey",
            status: "$context.status",
            milliseconds: "$context.responseLatency",
            error: "$context.error.message",
          }),
        ),
      },
    });
  }

  addRoutes(functions: readonly RouteFunction[]): void {
    for (const { route, function: handler } of functions) {
      if (route.trigger.kind !== "http") continue;
      const { method, path } = route.trigger;
      const added = this.api.addRoutes({
        path,
        methods: [HttpMethod[method]],
        integration: new HttpLambdaIntegration(`${route.name}Integration`, handler),
      });
      for (const httpRoute of added) {
        acknowledgeFinding(
          httpRoute,
          "AwsSolutions-APIG4",
          "Guests may call it; the function verifies the token if there is one.",
        );
      }
    }
  }
}
