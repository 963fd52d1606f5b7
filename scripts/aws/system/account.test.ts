// The commands for an AWS account, run against a local cloud, which answers the same calls. It knows neither quotas nor
// CloudFront's verification, and deploys no stage for ARM64: small stacks with the stage's name stand for it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  type CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from "@aws-sdk/client-cloudformation";
import { App, CfnResource, Stack } from "aws-cdk-lib";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { stages } from "../../../cdk/stages.ts";
import { dynamoDb, send, ssm, succeed } from "../../../local/calls.ts";
import { cloudFormation } from "../../../local/clients.ts";
import { type Instance, instance } from "../../../local/instance.ts";
import { freePort, type MiniStack, startMiniStack } from "../../../local/ministack.ts";
import { run } from "../../../local/processes.ts";
import { installVenv } from "../../../local/venv.ts";
import { eventually } from "../../../tests/support/until.ts";
import { stackStatus } from "../account.ts";
import { readDiff } from "../diff.ts";
import { recover } from "../recover.ts";
import { deleteStack } from "../stack.ts";

let at: Instance;
let client: CloudFormationClient;
let cloud: MiniStack;

beforeAll(async () => {
  await installVenv();
  at = instance(await freePort());
  mkdirSync(at.folder, { recursive: true });
  cloud = await startMiniStack(at, () => {});
  client = cloudFormation(at);
}, 300_000);
afterAll(() => {
  cloud.stop();
  rmSync(at.folder, { recursive: true, force: true });
});

/** Runs an npm command, types the answer and ends its input. */
async function command(name: string, args: string[], answer = "") {
  const child = spawn(process.execPath, ["scripts/run.mjs", name, ...args], { env: at.env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  child.stdin.end(answer);
  const [code] = await once(child, "close");
  return { code, output };
}

const table = (name: string, more: object = {}) => ({
  Type: "AWS::DynamoDB::Table",
  Properties: {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  },
  ...more,
});

const createStack = (resources: object, isProtected = false) =>
  client.send(
    new CreateStackCommand({
      StackName: "parlor-dev",
      TemplateBody: JSON.stringify({ Resources: resources }),
      EnableTerminationProtection: isProtected,
    }),
  );

const deploySmallStack = async (more: object = {}) => {
  await createStack({
    ...more,
    Rooms: table("rooms"),
    Kept: table("kept", { DeletionPolicy: "Retain" }),
  });
  await waitUntilStackCreateComplete(
    { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
    { StackName: "parlor-dev" },
  );
};

const exists = async (name: string) => (await send(at, dynamoDb("DescribeTable", { TableName: name }))).status === 200;

const lineAbout = (output: string, title: string) => output.split("\n").find((line) => line.includes(` ${title}: `));

test("the doctor finds what stops a deployment, then that nothing does", async () => {
  const before = await command("doctor", ["--stage", "dev"]);
  expect(before.code).toBe(1);
  expect(lineAbout(before.output, "Credentials")).toContain("✓ ok");
  expect(lineAbout(before.output, "CDK bootstrap")).toContain("cdk bootstrap aws://000000000000/us-east-1");
  expect(lineAbout(before.output, "Concurrency")).toContain("1000");
  expect(lineAbout(before.output, "Stack")).toContain("first deployment");

  const version = { Name: "/cdk-bootstrap/hnb659fds/version", Type: "String" };
  await succeed(at, ssm("PutParameter", { ...version, Value: "5" }));
  expect(lineAbout((await command("doctor", ["--stage", "dev"])).output, "CDK bootstrap")).toContain("✗ problem");

  await succeed(at, ssm("PutParameter", { ...version, Value: "30", Overwrite: true }));
  const after = await command("doctor", ["--stage", "dev"]);
  expect(lineAbout(after.output, "CDK bootstrap")).toContain("✓ ok");
});

test("destroy deletes only after the stage's name was typed, keeps what is retained, and says so", async () => {
  await deploySmallStack();
  for (const answer of ["", "yes\n", "prod\n"]) {
    const { code, output } = await command("destroy", ["--stage", "dev"], answer);
    expect([code, await exists("rooms")], output).toEqual([1, true]);
  }
  const { code, output } = await command("destroy", ["--stage", "dev"], "dev\n");
  expect(code, output).toBe(0);
  expect(output).toMatch(/Goes, with what it holds:\n {2}AWS::DynamoDB::Table rooms\n/);
  expect(output).toMatch(/What is left of it:\n {2}AWS::DynamoDB::Table kept\n/);
  expect([await exists("rooms"), await exists("kept")]).toEqual([false, true]);
  expect(await stackStatus(client, "parlor-dev")).toBeUndefined();
  await succeed(at, dynamoDb("DeleteTable", { TableName: "kept" }));
});

test("what `cdk diff` prints is read as resources that are replaced, deleted and left behind", async () => {
  await deploySmallStack({ Old: table("old") });
  const app = new App({ outdir: join(at.folder, "cdk.out") });
  const { Type: type, Properties } = table("rooms");
  const properties = { ...Properties, AttributeDefinitions: [{ AttributeName: "key", AttributeType: "S" }] };
  new CfnResource(new Stack(app, "parlor-dev"), "Rooms", {
    type,
    properties: { ...properties, KeySchema: [{ AttributeName: "key", KeyType: "HASH" }] },
  });
  const lines: string[] = [];
  await run("node_modules/.bin/cdk", ["diff", "--app", app.synth().directory, "--no-notices", "--no-color"], {
    env: at.env,
    onLine: (line) => lines.push(line),
  });
  const tables = readDiff(lines.join("\n")).filter((change) => change.type === type);
  expect(Object.fromEntries(tables.map(({ id, impact }) => [id, impact]))).toEqual({
    "Rooms Rooms": "replaced",
    Old: "deleted",
    Kept: "left behind",
  });
  await deleteStack(client, "parlor-dev", () => {});
  await succeed(at, dynamoDb("DeleteTable", { TableName: "kept" }));
});

test("destroy without a stack changes nothing", async () => {
  const { code, output } = await command("destroy", ["--stage", "dev"], "dev\n");
  expect([code, output]).toEqual([1, expect.stringContaining("There is no parlor-dev in us-east-1")]);
});

test("destroy refuses prod, and says what to do instead", async () => {
  const { code, output } = await command("destroy", ["--stage", "prod"], "prod\n");
  expect([code, output]).toEqual([1, expect.stringContaining("--no-enable-termination-protection")]);
});

test("a failed first deployment is explained, and its stack deleted once that is confirmed, although it is protected", async () => {
  const impossible = { Type: "AWS::SSM::Parameter", Properties: { Type: "Nope" }, DependsOn: "Rooms" };
  await createStack({ Rooms: table("rooms", { DeletionPolicy: "Retain" }), Other: impossible }, true);
  await eventually(
    "the stack has failed",
    async () => (await stackStatus(client, "parlor-dev")) === "ROLLBACK_COMPLETE",
  );
  const doctor = await command("doctor", ["--stage", "dev"]);
  expect(doctor.code).toBe(1);
  expect(lineAbout(doctor.output, "Stack")).toContain("parlor-dev is in ROLLBACK_COMPLETE");

  const destroy = await command("destroy", ["--stage", "dev"], "dev\n");
  expect([destroy.code, destroy.output]).toEqual([1, expect.stringContaining("keeps its data")]);

  const log = vi.spyOn(console, "log").mockReturnValue();
  onTestFinished(() => log.mockRestore());
  const refused = recover(client, stages.dev, () => Promise.reject(new Error("no")));
  await expect(refused).rejects.toThrow("no");
  expect(await stackStatus(client, "parlor-dev")).toBe("ROLLBACK_COMPLETE");
  const said = log.mock.calls.join("\n");
  expect(said).toContain("AWS::SSM::Parameter Other: AWS::SSM::Parameter Type 'Nope' is not supported");
  expect(said).toContain("It leaves in the account, and nothing uses it:\n  AWS::DynamoDB::Table rooms");

  await recover(client, stages.dev, async () => {});
  expect(await stackStatus(client, "parlor-dev")).toBeUndefined();
  expect(await exists("rooms")).toBe(true);
});
