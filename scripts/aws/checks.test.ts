// Each finding about an account, with a fake AWS: the answers that AWS documents. Nothing here has seen a real account.
import { expect, test } from "vitest";
import { routesOf } from "../../cdk/routes/index.ts";
import { type Stage, stages } from "../../cdk/stages.ts";
import { type Account, Refusal } from "./account.ts";
import { checkAccount, checkCertificateRegion } from "./checks.ts";
import type { Finding } from "./findings.ts";

/** An account in which `dev` can be deployed. */
const fakeAws = (answers: Partial<Account> = {}): Account => ({
  identity: async () => ({ account: "123456789012", arn: "arn:aws:iam::123456789012:user/ada" }),
  bootstrapVersion: async () => 30,
  concurrency: async () => ({ total: 1_000, unreserved: 1_000 }),
  gatewayLogRole: async () => undefined,
  identityProviders: async () => [],
  audiences: async () => [],
  stackStatus: async () => undefined,
  ...answers,
});

const findings = (account: Account, settings: Partial<Stage> = {}) =>
  checkAccount(account, { stage: { ...stages.dev, ...settings }, region: "eu-central-1", requiredBootstrap: 6 });

async function finding(title: string, answers: Partial<Account> = {}, settings: Partial<Stage> = {}): Promise<Finding> {
  const found = (await findings(fakeAws(answers), settings)).find((one) => one.title === title);
  if (!found) throw new Error(`There is no finding about ${title}.`);
  return found;
}

const refuse =
  (code: string, message = "no") =>
  async () => {
    throw new Refusal(code, message);
  };

test("an account that is ready has no problem, and says what cannot be checked", async () => {
  expect((await findings(fakeAws())).map(({ title, level }) => `${title} ${level}`)).toEqual([
    "Credentials ok",
    "CDK bootstrap ok",
    "Concurrency ok",
    "Reserved concurrency ok",
    "Access logs ok",
    "Stack ok",
    "CloudFront unknown",
  ]);
});

test("a deployed stack shows that the account is verified for CloudFront", async () => {
  const titles = (await findings(fakeAws({ stackStatus: async () => "UPDATE_COMPLETE" }))).map(({ title }) => title);
  expect(titles).not.toContain("CloudFront");
});

test.each([
  ["ExpiredToken", "expired"],
  ["InvalidClientTokenId", "does not know the access key"],
  ["SignatureDoesNotMatch", "clock"],
  ["ServiceUnavailable", "network"],
])("credentials that AWS refuses with %s are the only finding", async (code, advice) => {
  expect(await findings(fakeAws({ identity: refuse(code) }))).toEqual([
    { title: "Credentials", level: "problem", text: expect.stringContaining(advice) },
  ]);
});

test("missing credentials say which variables to set", async () => {
  const identity = async () => {
    throw Object.assign(new Error("no providers"), { name: "CredentialsProviderError" });
  };
  expect(await findings(fakeAws({ identity }))).toEqual([
    { title: "Credentials", level: "problem", text: expect.stringContaining("AWS_PROFILE") },
  ]);
});

test("a Region without bootstrap stack gets the command for it", async () => {
  expect(await finding("CDK bootstrap", { bootstrapVersion: async () => undefined })).toMatchObject({
    level: "problem",
    text: expect.stringContaining("`npx cdk bootstrap aws://123456789012/eu-central-1`"),
  });
});

test.each([
  [5, "problem"],
  [6, "ok"],
])("bootstrap version %i, where 6 is needed, is %s", async (version, level) => {
  expect(await finding("CDK bootstrap", { bootstrapVersion: async () => version })).toMatchObject({ level });
});

test("the Region of a domain's certificate needs the CDK as well", async () => {
  const target = { stage: stages.dev, region: "eu-central-1", requiredBootstrap: 6 };
  const title = "Certificate's Region";
  expect(await checkCertificateRegion(fakeAws(), target)).toMatchObject({ title, level: "ok" });
  const without = fakeAws({ bootstrapVersion: async () => undefined });
  const text = expect.stringContaining("`npx cdk bootstrap aws://123456789012/us-east-1`");
  expect(await checkCertificateRegion(without, target)).toEqual({ title, level: "problem", text });
});

test("a new account's concurrency is a warning with its number", async () => {
  const concurrency = async () => ({ total: 10, unreserved: 10 });
  expect(await finding("Concurrency", { concurrency })).toMatchObject({
    level: "warning",
    text: expect.stringContaining("only 10 functions"),
  });
});

const functions = routesOf(stages.dev).length;

test.each([
  ["exactly enough", functions + 100, "ok"],
  ["one too few", functions + 99, "problem"],
  ["a new account's", 10, "problem"],
])("reserving one per function of %s concurrency is %s", async (_, total, level) => {
  const concurrency = async () => ({ total, unreserved: total });
  expect(await finding("Reserved concurrency", { concurrency }, { reservedConcurrency: 1 })).toMatchObject({ level });
});

test("what other functions reserve is not available", async () => {
  const concurrency = async () => ({ total: 1_000, unreserved: 100 });
  const found = await finding("Reserved concurrency", { concurrency }, { reservedConcurrency: 1 });
  expect(found).toMatchObject({ level: "problem", text: expect.stringContaining("and 0 can be reserved") });
});

test("what the stage's own functions already reserve is counted once", async () => {
  const concurrency = async () => ({ total: functions + 100, unreserved: 100 });
  const stackStatus = async () => "CREATE_COMPLETE";
  const found = await finding("Reserved concurrency", { concurrency, stackStatus }, { reservedConcurrency: 1 });
  expect(found.level).toBe("ok");
});

test("access logs without API Gateway's role are a problem", async () => {
  expect(await finding("Access logs", {}, { webSocketAccessLogs: true })).toMatchObject({
    level: "problem",
    text: expect.stringContaining("AmazonAPIGatewayPushToCloudWatchLogs"),
  });
});

test("access logs with API Gateway's role are ok", async () => {
  const gatewayLogRole = async () => "arn:aws:iam::123456789012:role/logs";
  expect((await finding("Access logs", { gatewayLogRole }, { webSocketAccessLogs: true })).level).toBe("ok");
});

test.each([
  ["CREATE_COMPLETE", "ok", "is in"],
  ["UPDATE_ROLLBACK_COMPLETE", "ok", "is in"],
  ["REVIEW_IN_PROGRESS", "ok", "does not exist yet"],
  ["ROLLBACK_COMPLETE", "recoverable", "can only be deleted"],
  ["ROLLBACK_FAILED", "recoverable", "can only be deleted"],
  ["DELETE_FAILED", "recoverable", "can only be deleted"],
  ["UPDATE_ROLLBACK_FAILED", "problem", "continue-update-rollback --stack-name parlor-dev"],
  ["UPDATE_FAILED", "problem", "rollback-stack --stack-name parlor-dev"],
  ["UPDATE_IN_PROGRESS", "problem", "wait"],
  ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "problem", "wait"],
  ["DELETE_IN_PROGRESS", "problem", "wait"],
])("a stack in %s is %s", async (status, level, text) => {
  expect(await finding("Stack", { stackStatus: async () => status })).toMatchObject({
    level,
    text: expect.stringContaining(text),
  });
});

test("what the credentials may not read is unknown, not a problem", async () => {
  const denied = refuse("AccessDeniedException", "not authorized to perform: ssm:GetParameter");
  expect(await finding("CDK bootstrap", { bootstrapVersion: denied })).toMatchObject({
    level: "unknown",
    text: expect.stringContaining("not authorized to perform: ssm:GetParameter"),
  });
  expect(await finding("Stack", { stackStatus: denied })).toMatchObject({ level: "unknown" });
});
