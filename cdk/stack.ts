// One stage of Parlor: only wiring. Each construct says what it is.
import { type App, CfnOutput, Stack } from "aws-cdk-lib";
import { apiUrl, callbackUrl, siteUrl, webSocketUrl } from "./addresses.ts";
import { EdgeKey } from "./edge-key.ts";
import { HttpGateway } from "./http-gateway.ts";
import { Page } from "./page.ts";
import { RouteFunction } from "./route-function.ts";
import { routesOf } from "./routes/index.ts";
import { Site } from "./site.ts";
import type { Stage } from "./stages.ts";
import { Tables } from "./tables.ts";
import { targets } from "./targets.ts";
import { TokenKey } from "./token-key.ts";
import { WebSocketGateway } from "./web-socket-gateway.ts";

export class ParlorStack extends Stack {
  constructor(app: App, id: string, stage: Stage) {
    super(app, id, { description: "Parlor: chat rooms that you own", terminationProtection: stage.keepsData });

    // W3005: the CDK writes down dependencies of functions on their roles that a reference implies already.
    this.templateOptions.metadata = { "cfn-lint": { config: { ignore_checks: ["W3005"] } } };

    const tables = new Tables(this, "Tables", stage);
    const tokenKey = new TokenKey(this, "TokenKey", stage);
    const edgeKey = new EdgeKey(this, "EdgeKey");
    const webSocket = new WebSocketGateway(this, "WebSocket", stage);
    const http = new HttpGateway(this, "Http", stage);
    const site = new Site(this, "Site", { stage, api: http.api, webSocketStage: webSocket.stage, edgeKey });

    // What is kept when the stack goes is made last of all that needs none of it: where a first deployment fails at what an
    // account may be refused, a distribution or the logs of an API, nothing is left over.
    for (const kept of [tables, tokenKey]) kept.node.addDependency(site.distribution, webSocket.stage, http.stage);

    const addresses = {
      siteUrl: siteUrl(stage, site.distribution),
      webSocketUrl: webSocketUrl(stage, site.distribution, webSocket.stage),
      apiUrl: apiUrl(stage, site.distribution, http.api),
    };
    const granted = targets({
      tables,
      tokenKey,
      edgeKey,
      webSocketStage: webSocket.stage,
      callbackUrl: callbackUrl(stage, webSocket.stage),
    });
    const functions = routesOf(stage).map(
      (route) => new RouteFunction(this, route.name, { route, stage, targets: granted, siteUrl: addresses.siteUrl }),
    );
    webSocket.addRoutes(functions);
    http.addRoutes(functions);
    if (stage.emulatorPort === undefined) new Page(this, "Page", { stage, bucket: site.bucket, ...addresses });

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    output("SiteUrl", addresses.siteUrl, "The page");
    output("WebSocketUrl", addresses.webSocketUrl, "Where clients connect to");
    output("ApiUrl", addresses.apiUrl, "The HTTP API");
    output("SiteBucketName", site.bucket.bucketName, "The bucket that holds the page");
  }
}
