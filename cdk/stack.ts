// The stack of one stage. It only wires the constructs together.
import { type App, CfnOutput, RemovalPolicy, Stack } from "aws-cdk-lib";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { apiUrl, callbackUrl, siteUrl, webSocketUrl } from "./addresses.ts";
import { bedrockBotsOf, lexBotsOf } from "./bots-setting.ts";
import { Budget } from "./budget.ts";
import { CertificateStack } from "./certificate.ts";
import { DeadLetters } from "./dead-letters.ts";
import { requestsCertificate } from "./domain.ts";
import { EdgeKey } from "./edge-key.ts";
import { HttpGateway } from "./http-gateway.ts";
import { identityProvider, pageSettings } from "./identity-provider.ts";
import { LexSample } from "./lex-sample.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import { Page } from "./page.ts";
import { functionOf, RouteFunction } from "./route-function.ts";
import { isIncluded } from "./routes/capabilities.ts";
import { routesOf } from "./routes/index.ts";
import { Schedules } from "./schedules.ts";
import { Site } from "./site.ts";
import type { Stage } from "./stages.ts";
import { Tables } from "./tables.ts";
import { targets } from "./targets.ts";
import { TokenKey } from "./token-key.ts";
import { UserPool } from "./user-pool.ts";
import { WebSocketGateway } from "./web-socket-gateway.ts";

export class ParlorStack extends Stack {
  constructor(app: App, id: string, stage: Stage) {
    const certificate =
      stage.domain && requestsCertificate(stage.domain) ? new CertificateStack(app, id, stage.domain) : undefined;
    super(app, id, { description: "Parlor: chat rooms that you own", terminationProtection: stage.keepsData });

    if (certificate) this.addStackDependency(certificate);

    // W3005: the CDK declares dependencies of functions on their roles that a reference already implies.
    this.templateOptions.metadata = { "cfn-lint": { config: { ignore_checks: ["W3005"] } } };

    const tables = new Tables(this, "Tables", stage);
    const tokenKey = new TokenKey(this, "TokenKey", stage);
    const edgeKey = new EdgeKey(this, "EdgeKey");
    const webSocket = new WebSocketGateway(this, "WebSocket", stage);
    const http = new HttpGateway(this, "Http", stage);
    const site = new Site(this, "Site", { stage, api: http.api, webSocketStage: webSocket.stage, edgeKey });

    const siteAddress = siteUrl(stage, site.distribution);
    const provider = identityProvider(this, stage, siteAddress);

    // Creates retained resources after everything that AWS may refuse to an account, such as a distribution or an API's access
    // logs. If the first deployment fails there, it leaves nothing behind.
    for (const retained of [tables, tokenKey, ...(provider instanceof UserPool ? [provider] : [])])
      retained.node.addDependency(site.distribution, webSocket.stage, http.stage);

    const addresses = {
      siteUrl: siteAddress,
      webSocketUrl: webSocketUrl(stage, site.distribution, webSocket.stage),
      apiUrl: apiUrl(stage, site.distribution, http.api),
    };
    const granted = targets({
      tables,
      tokenKey,
      edgeKey,
      webSocketStage: webSocket.stage,
      callbackUrl: callbackUrl(stage, webSocket.stage),
      lexBots: lexBotsOf(stage).map((bot) =>
        "sample" in bot ? { ...bot, ...new LexSample(this, `Lex-${bot.name}`, stage, bot).place } : bot,
      ),
      bedrockBots: bedrockBotsOf(stage),
      review: stage.review,
      functionOf: (route) => functionOf(functions, route),
    });
    const unanswered = stage.bots?.length ? new DeadLetters(this, "Unanswered", stage).queue : undefined;
    const untold = isIncluded("tell-hook", stage.without) ? new DeadLetters(this, "Untold", stage).queue : undefined;
    const shared = { stage, targets: granted, siteUrl: siteAddress, provider };
    const functions: readonly RouteFunction[] = routesOf(stage).map(
      (route) =>
        new RouteFunction(this, route.name, {
          route,
          ...shared,
          deadLetters: route.name === "tell-hook" ? untold : unanswered,
        }),
    );
    const settings = pageSettings(stage, provider);
    webSocket.addRoutes(functions);
    http.addRoutes(functions);
    new Schedules(this, "Schedules", functions);
    // `npm run admin` writes here what operators do, and who they are.
    new LogGroup(this, "OperatorLogs", { retention: stage.logRetention, removalPolicy: RemovalPolicy.DESTROY });
    if (stage.emulatorPort === undefined) {
      new Page(this, "Page", { stage, bucket: site.bucket, ...addresses, settings });
      if (stage.monthlyBudget) new Budget(this, "Budget", stage.monthlyBudget);
      if (stage.monitoring) {
        const watched = {
          functions,
          tables,
          unanswered,
          untold,
          webSocketStage: webSocket.stage,
          httpStage: http.stage,
        };
        new Monitoring(this, "Monitoring", { stage: stage.name, ...stage.monitoring, ...watched });
      }
    }

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    output("SiteUrl", addresses.siteUrl, "The page");
    output("WebSocketUrl", addresses.webSocketUrl, "The address that clients connect to");
    output("ApiUrl", addresses.apiUrl, "The HTTP API");
    output("PageSettings", this.toJsonString(settings), "Who may enter the page, and how they sign in");
    output("SiteBucketName", site.bucket.bucketName, "The page's bucket");
    if (stage.domain) {
      const { distributionDomainName } = site.distribution;
      output("DistributionHost", distributionDomainName, `Where the DNS record of ${stage.domain.name} must lead`);
    }
    const commit = this.node.tryGetContext("commit");
    if (commit)
      output("Commit", commit, "What is deployed: `.github/deploy` returns to it if a later commit fails its test");
  }
}
