// Deploying from GitHub: the account's identity provider, and the scripts of the workflow, with stubs for the commands that reach out.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findProvider, nameOf, subjectFrom } from "./github.ts";

const github = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";

test("an account's provider for GitHub is found, and one that does not accept AWS's audience is refused", async () => {
  const account = (audiences: string[], ...arns: string[]) => ({
    identityProviders: async () => arns,
    audiences: async () => audiences,
  });
  const other = "arn:aws:iam::123456789012:oidc-provider/gitlab.com";
  expect(await findProvider(account([], other))).toBeUndefined();
  expect(await findProvider(account(["sts.amazonaws.com"], other, github))).toBe(github);
  await expect(findProvider(account(["other"], github))).rejects.toThrow("add-client-id-to-open-id-connect-provider");
});

test("a repository is named with both of its numbers, or with none", () => {
  for (const name of ["ada/parlor", "ada-l/par.lor_2"]) expect(nameOf(subjectFrom(name))).toBe(name);
  expect(nameOf(subjectFrom("ada@123456/parlor@456789"))).toBe("ada/parlor");
  for (const wrong of [
    undefined,
    "parlor",
    "ada/parlor/x",
    "ada@1/parlor",
    "ada/parlor@2",
    "*/parlor",
    "ada/*",
    "ada/p:environment:x",
  ]) {
    expect(() => subjectFrom(wrong), wrong).toThrow("--repository owner/name");
  }
});

/** Two commits of a repository, and what runs a script there: commands are logged, and exit as told. */
function repository(deployed: (first: string) => string) {
  const folder = mkdtempSync(join(tmpdir(), "deploy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [clone, bin, log] = [join(folder, "clone"), join(folder, "bin"), join(folder, "log")];
  for (const path of [clone, bin]) mkdirSync(path);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...args], {
      cwd: clone,
      encoding: "utf8",
    });
  git("init", "--quiet");
  const [first, second] = ["first", "second"].map((message) => {
    git("commit", "--quiet", "--allow-empty", "--message", message);
    return git("rev-parse", "HEAD").trim();
  }) as [string, string];
  const run = (script: string, args: string[], exits: Record<string, number> = {}) => {
    const stub = (name: string, body: string) => {
      const logged = `echo "$(basename "$PWD"): ${name} $*" >> "${log}"`;
      writeFileSync(join(bin, name), `#!/bin/sh\n${logged}\n${body}\n`, { mode: 0o755 });
    };
    stub("aws", `echo "${deployed(first)}"`);
    stub("npx", `echo "a change"; exit ${exits.cdk ?? 0}`);
    stub("npm", `[ "$1" = ci ] && exit 0; [ "$(basename "$PWD")" = before ] && exit 0; exit ${exits.smoke ?? 0}`);
    const env = {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      RUNNER_TEMP: folder,
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
    };
    const { status, stdout, stderr } = spawnSync("bash", ["-euo", "pipefail", script, ...args], {
      cwd: clone,
      env,
      encoding: "utf8",
    });
    const calls = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .filter((line) => !line.includes(": aws "));
    return { status, output: stdout + stderr, calls, folder };
  };
  return { first, second, run };
}

const script = resolve(".github/deploy");
const cdk = (where: string, commit: string) =>
  `${where}: npx cdk deploy parlor-dev -c stage=dev -c commit=${commit} --require-approval never`;
const smoke = (where: string) => `${where}: npm run smoke -- --stage dev`;

test("a deployment that passes its smoke test stays", () => {
  const { second, run } = repository((first) => first);
  expect(run(script, ["dev"])).toMatchObject({ status: 0, calls: [cdk("clone", second), smoke("clone")] });
});

test("one that fails its smoke test is replaced by the commit that was deployed before, and the job fails", () => {
  const { first, second, run } = repository((first) => first);
  const { status, output, calls } = run(script, ["dev"], { smoke: 1 });
  expect(status).toBe(1);
  expect(output).toContain(`::error::dev is at ${first} again.`);
  expect(calls).toEqual([
    cdk("clone", second),
    smoke("clone"),
    "before: npm ci --no-audit --no-fund",
    cdk("before", first),
    smoke("before"),
  ]);
});

test.each([
  ["the first deployment", ""],
  ["a stack without the output", "None"],
  ["something that is no commit", "v1; rm -rf /"],
])("%s is not undone", (_, deployed) => {
  const { status, output, calls } = repository(() => deployed).run(script, ["dev"], { smoke: 1 });
  expect([status, calls.length]).toEqual([1, 2]);
  expect(output).toContain("nothing is undone");
});

test("a deployment that fails is left to CloudFormation, and not tested", () => {
  const { second, run } = repository((first) => first);
  expect(run(script, ["dev"], { cdk: 3 })).toMatchObject({ status: 3, calls: [cdk("clone", second)] });
});

test("what would change in prod is in the run's summary", () => {
  const workflow = readFileSync(".github/workflows/deploy.yml", "utf8");
  const [, block = ""] = /- name: Compare\n(?: .*\n)*? {8}run: \|\n((?: {10}.*\n)+)/.exec(workflow) ?? [];
  const { run } = repository(() => "");
  const file = join(mkdtempSync(join(tmpdir(), "compare-")), "step");
  writeFileSync(file, `COMMIT=0123\n${block.replaceAll(/^ {10}/gm, "")}`);
  const { status, calls, folder } = run(file, []);
  expect(status).toBe(0);
  expect(calls).toEqual(["clone: npx cdk diff parlor-prod -c stage=prod --method=template --no-color"]);
  expect(readFileSync(join(folder, "summary"), "utf8")).toBe("## What 0123 changes in prod\n````\na change\n\n````\n");
});

test("jobs that deploy run for pushes to main only, in an environment each, with a role from its variables", () => {
  const workflow = readFileSync(".github/workflows/deploy.yml", "utf8");
  expect(workflow).toMatch(/vars\.DEPLOY == 'true' && .*conclusion == 'success' &&\n.*event == 'push'/);
  expect([...workflow.matchAll(/^ {4}environment: (.*)$/gm)].map(([, name]) => name)).toEqual([
    "dev",
    "prod-diff",
    "prod",
  ]);
  expect(workflow.match(/role: \$\{\{ vars\.DEPLOY_ROLE \}\}/g)).toHaveLength(3);
  expect(workflow).not.toContain("secrets.");
});
