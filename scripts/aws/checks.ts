// Checks what can stop a deployment, and says what to do about it.
import { CERTIFICATE_REGION } from "../../cdk/domain.ts";
import { routesOf } from "../../cdk/routes/index.ts";
import type { Stage } from "../../cdk/stages.ts";
import { type Account, Refusal } from "./account.ts";
import { type Finding, ok, problem, unknown, warning } from "./findings.ts";
import { checkStack, isDeployed } from "./stack-status.ts";
import { stackName } from "./stage.ts";

/** The concurrency that no function may reserve: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const UNRESERVED = 100;
/** The quota that AWS documents for accounts that are not new. */
const USUAL_CONCURRENCY = 1_000;

/** What a check needs to know. `requiredBootstrap` is the version that this stage's template needs. */
export interface Target {
  readonly stage: Stage;
  readonly region: string;
  readonly requiredBootstrap: number;
}

/** Without valid credentials, nothing else is asked. */
export async function checkAccount(account: Account, target: Target): Promise<Finding[]> {
  const identity = await account.identity().catch((error: Error) => error);
  if (identity instanceof Error) return [problem("Credentials", withoutCredentials(identity))];
  const status = await account.stackStatus(stackName(target.stage)).catch((error: Error) => error);
  const deployed = !(status instanceof Error) && isDeployed(status);
  const checks = [
    check("CDK bootstrap", () => checkBootstrap(account, identity.account, target)),
    check("Concurrency", () => checkConcurrency(account)),
    check("Reserved concurrency", () => checkReserved(account, target.stage, deployed)),
    check("Access logs", () => checkAccessLogs(account, target.stage)),
  ];
  return [
    ok("Credentials", `account ${identity.account}, ${identity.arn}`),
    ...(await Promise.all(checks)),
    status instanceof Error ? notChecked("Stack", status) : checkStack(target.stage, status),
    ...(deployed ? [] : [cloudFront]),
  ];
}

const cloudFront = unknown(
  "CloudFront",
  "AWS may first have to verify a new account, which cannot be checked beforehand. If the deployment fails with " +
    "`Your account must be verified`, open a case with AWS Support, then deploy again.",
);

/** Credentials that may deploy need not be allowed to read what a check reads. */
const check = (title: string, run: () => Promise<Finding>) => run().catch((error: Error) => notChecked(title, error));

const notChecked = (title: string, error: Error) =>
  unknown(title, `not checked, because AWS answered \`${codeOf(error)}\`: ${error.message}`);

const codeOf = (error: Error) => (error instanceof Refusal ? error.code : error.name);

function withoutCredentials(error: Error): string {
  switch (codeOf(error)) {
    case "ExpiredToken":
    case "ExpiredTokenException":
      return "they have expired: sign in again, for instance with `aws sso login`.";
    case "InvalidClientTokenId":
    case "UnrecognizedClientException":
      return "AWS does not know the access key: check AWS_ACCESS_KEY_ID or the profile, and whether the Region is enabled for the account.";
    case "SignatureDoesNotMatch":
      return "the secret key does not match the access key, or this machine's clock is wrong: check both.";
    case "CredentialsProviderError":
      return `none were found (${error.message}): set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`;
    default:
      return `AWS could not be asked (${codeOf(error)}: ${error.message}): check credentials, Region and network.`;
  }
}

/** The certificate of a stage's domain has a stack of its own, in the Region where CloudFront looks for it. */
export const checkCertificateRegion = (account: Account, target: Target): Promise<Finding> => {
  const title = "Certificate's Region";
  return check(title, async () => {
    const { account: id } = await account.identity();
    return { ...(await checkBootstrap(account, id, { ...target, region: CERTIFICATE_REGION })), title };
  });
};

async function checkBootstrap(account: Account, id: string, { region, requiredBootstrap }: Target): Promise<Finding> {
  const title = "CDK bootstrap";
  const found = await account.bootstrapVersion();
  const command = `run \`npx cdk bootstrap aws://${id}/${region}\``;
  if (found === undefined) {
    return problem(title, `the CDK is not set up in ${region} of this account: ${command}, once.`);
  }
  if (found < requiredBootstrap) {
    return problem(title, `version ${found}, but ${requiredBootstrap} is needed: ${command}.`);
  }
  return ok(title, `version ${found}, at least ${requiredBootstrap} is needed`);
}

async function checkConcurrency(account: Account): Promise<Finding> {
  const title = "Concurrency";
  const { total } = await account.concurrency();
  if (total >= USUAL_CONCURRENCY) return ok(title, `${total} functions may run at once`);
  return warning(
    title,
    `only ${total} functions may run at once in this Region, so a few busy people are refused: request a higher quota, ` +
      "Service Quotas → AWS Lambda → Concurrent executions, before people come.",
  );
}

async function checkReserved(account: Account, stage: Stage, deployed: boolean): Promise<Finding> {
  const title = "Reserved concurrency";
  const each = stage.reservedConcurrency;
  if (each === undefined) return ok(title, "this stage reserves none");
  const { total, unreserved } = await account.concurrency();
  const wanted = each * routesOf(stage).length;
  // What a deployed stack reserves is no longer unreserved, so it is counted once only.
  const available = Math.max(0, (deployed ? total : unreserved) - UNRESERVED);
  const text = `reservedConcurrency is ${each}, so all functions reserve ${wanted}, and ${available} can be reserved`;
  if (wanted <= available) return ok(title, text);
  return problem(title, `${text}: lower or remove the setting in cdk/stages.ts, or request a higher quota.`);
}

async function checkAccessLogs(account: Account, stage: Stage): Promise<Finding> {
  const title = "Access logs";
  if (!stage.webSocketAccessLogs) return ok(title, "this stage needs no CloudWatch role of API Gateway");
  const role = await account.gatewayLogRole();
  if (role) return ok(title, `API Gateway writes logs as ${role}`);
  return problem(
    title,
    "webSocketAccessLogs needs API Gateway's CloudWatch role, which this account lacks in this Region: create a role with the policy " +
      "AmazonAPIGatewayPushToCloudWatchLogs and set it under API Gateway → Settings, or turn the setting off in cdk/stages.ts.",
  );
}
