// `npm run pipeline` on a local cloud, which lacks CloudFormation's identity providers: it gets one beforehand.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { ListStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { query, send, succeed } from "../../../local/calls.ts";
import { cloudFormation } from "../../../local/clients.ts";
import { type Instance, instance } from "../../../local/instance.ts";
import { freePort, type MiniStack, startMiniStack } from "../../../local/ministack.ts";
import { installVenv } from "../../../local/venv.ts";
import { awsAccount } from "../account.ts";
import { findProvider } from "../github.ts";
import { describeStack } from "../stack.ts";

let at: Instance;
let cloud: MiniStack;

beforeAll(async () => {
  await installVenv();
  at = instance(await freePort());
  mkdirSync(at.folder, { recursive: true });
  cloud = await startMiniStack(at, () => {});
  const provider = {
    Action: "CreateOpenIDConnectProvider",
    Url: "https://token.actions.githubusercontent.com",
    "ClientIDList.member.1": "sts.amazonaws.com",
  };
  await succeed(at, query("iam", provider));
}, 300_000);
afterAll(() => {
  cloud.stop();
  rmSync(at.folder, { recursive: true, force: true });
});

async function pipeline(args: string[], answer = "") {
  const child = spawn(process.execPath, ["scripts/run.mjs", "pipeline", "--stage", "prod", ...args], { env: at.env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  child.stdin.end(answer);
  const [code] = await once(child, "close");
  return { code, output };
}

const trustOf = async (role: string, token: string) =>
  send(
    at,
    query("sts", {
      Action: "AssumeRoleWithWebIdentity",
      RoleArn: role,
      RoleSessionName: "job",
      WebIdentityToken: token,
    }),
  );

test("the roles are created once that is confirmed, trust the provider that is there, and the variables are printed", async () => {
  const refused = await pipeline(["--repository", "ada@1/parlor@2"], "no\n");
  expect([refused.code, refused.output]).toEqual([1, expect.stringContaining("Nothing was changed")]);

  const { code, output } = await pipeline(["--repository", "ada@1/parlor@2"], "yes\n");
  expect(code, output).toBe(0);
  expect(output).toContain("which exists");
  const client = cloudFormation(at);
  const { outputs, isProtected } = await describeStack(client, "parlor-prod-pipeline");
  expect(isProtected).toBe(true);
  const [role, diff] = ["ProdRole", "ProdDiffRole"].map(
    (key) => outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue,
  );
  expect(output).toContain(`gh variable set DEPLOY_ROLE --repo ada/parlor --env prod --body ${role}`);
  expect(output).toContain(`gh variable set DEPLOY_ROLE --repo ada/parlor --env prod-diff --body ${diff}`);
  expect(output).toContain("gh variable set AWS_REGION --repo ada/parlor --body us-east-1");
  const { StackResourceSummaries: resources = [] } = await client.send(
    new ListStackResourcesCommand({ StackName: "parlor-prod-pipeline" }),
  );
  expect(resources.map(({ ResourceType }) => ResourceType)).toEqual(["AWS::IAM::Role", "AWS::IAM::Role"]);
  expect((await trustOf(role ?? "", "not a token")).status).toBeGreaterThanOrEqual(400);

  const again = await pipeline(["--repository", "ada@1/parlor@2", "--yes"]);
  expect(again.code, again.output).toBe(0);
});

test("the account's provider is found with its audiences", async () => {
  const env = { AWS_ENDPOINT_URL: at.endpoint };
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) process.env[name] = "test";
  const account = awsAccount("us-east-1", env);
  expect(await findProvider(account)).toBe(
    "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com",
  );
});

test("a name that is no repository is refused", async () => {
  expect(await pipeline(["--repository", "parlor"])).toEqual({
    code: 1,
    output: expect.stringContaining("owner/name"),
  });
});
