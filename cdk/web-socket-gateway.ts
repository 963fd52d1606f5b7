// The WebSocket API: an authorizer on `$connect`, and a route for each action.
import { RemovalPolicy } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import { WebSocketLambdaAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { WebSocketLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledgeFinding } from "./cdk-nag.ts";
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
      // CloudFront forwards the path, so this name must be `/ws`.
      stageName: "ws",
      autoDeploy: true,
      throttle: stage.webSocketThrottle,
      ...(stage.webSocketAccessLogs && { accessLogSettings: this.accessLogs(stage) }),
    });
    if (!stage.webSocketAccessLogs) {
      acknowledgeFinding(
        this.stage,
        "AwsSolutions-APIG1",
        "Access logs require an account-wide role. The setting webSocketAccessLogs adds them.",
      );
    }
  }

  addRoutes(functions: readonly RouteFunction[]): void {
    const authorize = functions.find(({ route }) => route.trigger.kind === "authorizer");
    // With identity sources, API Gateway would refuse connections without a token or an origin before the authorizer.
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
        acknowledgeFinding(added, "AwsSolutions-APIG4", "API Gateway authorizes a WebSocket once, on $connect.");
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
