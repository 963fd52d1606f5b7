// One route's function with its role and log group, derived from its row in the route table.
import { join } from "node:path";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Architecture, CfnEventInvokeConfig, type CfnFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { RustFunction } from "cargo-lambda-cdk";
import { Construct } from "constructs";
import { botsVariable, bundleBots } from "./bots-setting.ts";
import "./cargo-lambda-patch.ts";
import { acknowledgeWildcard } from "./cdk-nag.ts";
import { functionRole } from "./function-role.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import { bundleWords, reviewVariable } from "./review-setting.ts";
import { checksTokens, countsRates, isFromOutside, type Route, type Target } from "./routes/index.ts";
import type { Stage } from "./stages.ts";
import type { Targets } from "./targets.ts";

export interface RouteFunctionProps {
  readonly route: Route;
  readonly stage: Stage;
  readonly targets: Targets;
  readonly siteUrl: string;
  readonly provider?: IdentityProvider | undefined;
  /** Where Lambda puts the events of a function that others invoke, if all attempts fail. */
  readonly deadLetters?: IQueue | undefined;
}

export class RouteFunction extends Construct {
  readonly route: Route;
  readonly function: RustFunction;

  constructor(scope: Construct, id: string, props: RouteFunctionProps) {
    super(scope, id);
    const { route, stage, targets, siteUrl, provider } = props;
    const deadLetters = route.trigger.kind === "invocation" ? props.deadLetters : undefined;
    const admitsGuests = stage.guests ?? true;
    const logs = new LogGroup(this, "Logs", { retention: stage.logRetention, removalPolicy: RemovalPolicy.DESTROY });

    const granted = route.grants.map(([action, target]) => ({ action, ...targetOf(targets, target) }));
    const permissions = granted.map(({ action, arn, ...limits }) => [action, arn, limits] as const);
    const role = functionRole(this, `Parlor ${stage.name}: ${route.name}`, logs, permissions, {
      deadLetters: deadLetters?.queueArn,
      tracing: stage.tracing,
    });
    const hasGrantOn = (target: Target) => route.grants.some(([, on]) => on === target);
    const unknown = "Connection ids are not known in advance; allows only";
    if (hasGrantOn("posts")) acknowledgeWildcard(role, targets.posts.arn, `${unknown} posts, in this stage.`);
    if (hasGrantOn("probes")) acknowledgeWildcard(role, targets.probes.arn, `${unknown} look-ups, in this stage.`);
    if (hasGrantOn("disconnects"))
      acknowledgeWildcard(role, targets.disconnects.arn, `${unknown} disconnects, in this stage.`);

    for (const { arn, profile } of granted) {
      if (profile) acknowledgeWildcard(role, arn, "A profile chooses the Region; allows only its model, through it.");
    }

    this.route = route;
    this.function = new RustFunction(this, "Function", {
      description: route.description,
      ...build(stage),
      role,
      logGroup: logs,
      memorySize: route.memory,
      timeout: Duration.seconds(route.timeout),
      environment: {
        ROUTE: route.name,
        STAGE: stage.name,
        ...(stage.monitoring && { METRICS: "true" }),
        ...Object.fromEntries(granted.map(({ variable }) => variable)),
        ...(stage.emulatorPort !== undefined && choosesAddresses(route) && { HOOKS_TO_LOOPBACK: "true" }),
        ...(countsRates(route) && { RATES: JSON.stringify(stage.rates) }),
        ...(stage.countsTexts && route.name === "send" && { COUNTS_TEXTS: "true" }),
        ...(route.links && { SITE_URL: siteUrl }),
        ...(stage.bots && { BOTS: botsVariable(stage) }),
        ...(stage.review && { REVIEW: reviewVariable(stage.review) }),
        ...(stage.commons && ["list-rooms", "sweep"].includes(route.name) && { COMMONS: stage.commons.name }),
        ...(provider && (checksTokens(route) || !admitsGuests) && isFromOutside(route) && trusted(provider)),
        ...(!admitsGuests && isFromOutside(route) && { GUESTS: "false" }),
        ...(isFromOutside(route) && { EDGE_ONLY: String(stage.webAclArn !== undefined) }),
        ...(route.trigger.kind === "authorizer" && { ORIGINS: [siteUrl, ...(stage.origins ?? [])].join(" ") }),
      },
      ...(stage.reservedConcurrency !== undefined && { reservedConcurrentExecutions: stage.reservedConcurrency }),
    });
    if (stage.tracing) this.trace();
    if (deadLetters) this.retryLater(deadLetters);
  }

  /** By the resource of CloudFormation, like `retryLater`: the CDK's own would grant in a policy beside the role. */
  private trace(): void {
    (this.function.node.defaultChild as CfnFunction).tracingConfig = { mode: "Active" };
  }

  /** By the resource of CloudFormation: the CDK's own would grant beside the route table. */
  private retryLater({ queueArn }: IQueue): void {
    new CfnEventInvokeConfig(this, "Retries", {
      functionName: this.function.functionName,
      qualifier: "$LATEST",
      maximumRetryAttempts: 2,
      // Seconds. A later answer would puzzle people.
      maximumEventAgeInSeconds: 600,
      destinationConfig: { onFailure: { destination: queueArn } },
    });
  }
}

function targetOf(targets: Targets, name: Target) {
  const target = targets[name];
  if (!target) throw new Error(`There is no target ${name}`);
  return target;
}

/** Whether the function checks or uses addresses that owners of rooms chose. */
const choosesAddresses = ({ name }: Route) => ["create-hook", "tell-hook"].includes(name);

function trusted({ issuer, audience }: IdentityProvider) {
  return { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience };
}

/** The same for every route: the binary is built once, and all functions share one asset. */
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
        // Lambda runs it as a different user, whom the builder's umask may deny access.
        afterBundling: (_: string, folder: string) => [
          `chmod 755 ${folder}/bootstrap`,
          ...bundleBots(stage, folder),
          ...bundleWords(stage, folder),
        ],
      },
      // Both profiles are in Cargo.toml.
      profile: isLocal ? "local" : "release",
      cargoLambdaFlags: ["--locked", ...(isLocal ? ["--compiler", "cargo", "--disable-optimizations"] : [])],
    },
  };
}

/** Returns the function of a route. */
export function functionOf(functions: readonly RouteFunction[], name: string): RustFunction {
  const found = functions.find(({ route }) => route.name === name);
  if (!found) throw new Error(`The route ${name} has no function`);
  return found.function;
}
