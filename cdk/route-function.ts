// One route's function, with its own role and its own log group, all derived from its row in the route table.
import { join } from "node:path";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Architecture } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { RustFunction } from "cargo-lambda-cdk";
import { Construct } from "constructs";
import "./quoted-bundling.ts";
import { acknowledgeWildcard } from "./acknowledge.ts";
import { functionRole } from "./function-role.ts";
import { checksTokens, countsRates, isFromOutside, type Route, type Target } from "./routes/index.ts";
import type { Stage } from "./stages.ts";
import type { Targets } from "./targets.ts";

export interface RouteFunctionProps {
  readonly route: Route;
  readonly stage: Stage;
  readonly targets: Targets;
  readonly siteUrl: string;
}

export class RouteFunction extends Construct {
  readonly route: Route;
  readonly function: RustFunction;

  constructor(scope: Construct, id: string, { route, stage, targets, siteUrl }: RouteFunctionProps) {
    super(scope, id);
    const logs = new LogGroup(this, "Logs", { retention: stage.logRetention, removalPolicy: RemovalPolicy.DESTROY });

    const permissions = route.grants.map(([action, on]) => [action, targets[on].arn, targets[on].keys] as const);
    const role = functionRole(this, `Parlor ${stage.name}: ${route.name}`, logs, permissions);
    const unnamed = "Connections have no names beforehand; it may only";
    const grants = (target: Target) => route.grants.some(([, on]) => on === target);
    if (grants("posts")) acknowledgeWildcard(role, targets.posts.arn, `${unnamed} post to them, in this stage.`);
    if (grants("disconnects"))
      acknowledgeWildcard(role, targets.disconnects.arn, `${unnamed} end them, in this stage.`);

    this.route = route;
    this.function = new RustFunction(this, "Function", {
      description: route.why,
      ...build(stage),
      role,
      logGroup: logs,
      memorySize: route.memory,
      timeout: Duration.seconds(route.timeout),
      environment: {
        ROUTE: route.name,
        STAGE: stage.name,
        ...Object.fromEntries(route.grants.map(([, on]) => targets[on].variable)),
        ...(countsRates(route) && { RATES: JSON.stringify(stage.rates) }),
        ...(route.links && { SITE_URL: siteUrl }),
        ...(stage.oidc &&
          checksTokens(route) && { OIDC_ISSUER: stage.oidc.issuer, OIDC_AUDIENCE: stage.oidc.audience }),
        ...(isFromOutside(route) && { EDGE_ONLY: String(stage.webAclArn !== undefined) }),
        ...(route.trigger.kind === "authorizer" && { ORIGINS: (stage.origins ?? [siteUrl]).join(" ") }),
      },
      ...(stage.reservedConcurrency !== undefined && { reservedConcurrentExecutions: stage.reservedConcurrency }),
    });
  }
}

/** The same for every route, so that the binary is built once and all functions share one asset. */
function build(stage: Stage) {
  const isLocal = stage.emulatorPort !== undefined;
  const architecture = isLocal && process.arch === "x64" ? Architecture.X86_64 : Architecture.ARM_64;
  return {
    manifestPath: join(import.meta.dirname, "..", "Cargo.toml"),
    binaryName: "bootstrap",
    architecture,
    bundling: {
      architecture,
      commandHooks: {
        beforeBundling: () => [],
        // Lambda runs it as another person than whoever built it, maybe with a mask that lets nobody else.
        afterBundling: (_: string, folder: string) => [`chmod 755 ${folder}/bootstrap`],
      },
      // Both are in Cargo.toml.
      profile: isLocal ? "local" : "release",
      cargoLambdaFlags: ["--locked", ...(isLocal ? ["--compiler", "cargo", "--disable-optimizations"] : [])],
    },
  };
}
