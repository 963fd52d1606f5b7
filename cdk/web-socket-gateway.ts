// The WebSocket API: an authorizer on `$connect`, and a route for each action that a frame may name.
import { RemovalPolicy } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import { WebSocketLambdaAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { WebSocketLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import type { RouteFunction } from "./route-function.ts";
import type { Stage } from "./stages.ts";

export class WebSocketGateway extends Construct {
  readonly stage: WebSocketStage;
  private readonly api: WebSocketApi;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.api = new WebSocketApi(this, "Api", { apiName: `parlor-${stage.name}-web-socket` });
    this.stage = new WebSocketStage(this, "Stage", {
      webSocketApi: this.api,
      // CloudFront passes the path on, so that this name is what `/ws` reaches.
      stageName: "ws",
      autoDeploy: true,
      throttle: stage.webSocketThrottle,
      ...(stage.webSocketAccessLogs && { accessLogSettings: this.accessLogs(stage) }),
    });
    if (!stage.webSocketAccessLogs) {
      acknowledge(this.stage, "AwsSolutions-APIG1", "Needs an account-wide role; the setting webSocketAccessLogs.");
    }
  }

  addRoutes(functions: readonly RouteFunction[]): void {
    const authorize = functions.find(({ route }) => route.trigger.kind === "authorizer");
    // Without identity sources, connections without a token or an origin reach the authorizer too.
    const authorizer =
      authorize && new WebSocketLambdaAuthorizer("Authorizer", authorize.function, { identitySource: [] });

    for (const { route, function: handler } of functions) {
      if (route.trigger.kind !== "webSocket") continue;
      const { routeKey } = route.trigger;
      const added = this.api.addRoute(routeKey, {
        integration: new WebSocketLambdaIntegration(`${route.name}Integration`, handler),
        ...(routeKey === "$connect" && authorizer && { authorizer }),
      });
      if (routeKey !== "$connect") {
        acknowledge(added, "AwsSolutions-APIG4", "API Gateway authorises a WebSocket once, on $connect.");
      }
    }
  }

  private accessLogs(stage: Stage) {
    const logs = new LogGroup(this, "AccessLogs", {
      retention: stage.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return {
      destination: new LogGroupLogDestination(logs),
      format: AccessLogFormat.custom(
        JSON.stringify({
          requestId: "$context.requestId",
          at: "$context.requestTimeEpoch",
          route: "$context.routeKey",
          event: "$context.eventType",
          status: "$context.status",
          error: "$context.error.message",
        }),
      ),
    };
  }
}
