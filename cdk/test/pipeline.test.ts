// The roles with which GitHub deploys: whom they trust, and what they may do.
import { App } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { type PipelineProps, PipelineStack } from "../pipeline.ts";
import { ofType, permissions } from "../template/read.ts";
import type { Template } from "../template/synthesize.ts";

const existing = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";

function synthesize(props: Partial<PipelineProps> = {}) {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new PipelineStack(app, "parlor-pipeline", { stage: "prod", repository: "ada/parlor", ...props });
  const template: Template = app.synth().getStackArtifact(stack.artifactId).template;
  return { app, stack, template };
}

const bootstrap = (name: string) =>
  `arn:<AWS::Partition>:iam::<AWS::AccountId>:role/cdk-hnb659fds-${name}-<AWS::AccountId>-<AWS::Region>`;

test("each role trusts one environment of one repository, and may take on the CDK's bootstrap roles and describe its stack only", () => {
  const { template } = synthesize({ provider: existing });
  const trust = (environment: string) =>
    `${existing} may sts:AssumeRoleWithWebIdentity on <ROLE> if {"StringEquals":` +
    `{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:ada/parlor:environment:${environment}"}}`;
  const [deploys, shows] = ["prodRole", "proddiffRole"].map(
    (prefix) => Object.keys(template.Resources).find((id) => id.replace(/[0-9A-F]{8}$/, "") === prefix) ?? "",
  );
  expect(permissions(template).sort()).toEqual(
    [
      trust("prod").replace("ROLE", deploys ?? ""),
      trust("prod-diff").replace("ROLE", shows ?? ""),
      ...["deploy-role", "file-publishing-role", "lookup-role"].map(
        (name) => `${deploys} may sts:AssumeRole on ${bootstrap(name)}`,
      ),
      `${deploys} may cloudformation:DescribeStacks on arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/parlor-prod/*`,
      `${shows} may sts:AssumeRole on ${bootstrap("lookup-role")}`,
    ].sort(),
  );
});

test("the roles and an identity provider that does not exist yet are all that the stack creates, and the provider stays", () => {
  const types = ({ template }: ReturnType<typeof synthesize>) =>
    Object.values(template.Resources).map(({ Type }) => Type);
  expect(types(synthesize({ provider: existing }))).toEqual(["AWS::IAM::Role", "AWS::IAM::Role"]);
  expect(types(synthesize({ provider: existing, stage: "dev" }))).toEqual(["AWS::IAM::Role"]);
  const created = synthesize();
  const [[, provider] = ["", undefined]] = ofType(created.template, "AWS::IAM::OIDCProvider");
  expect(provider).toMatchObject({
    DeletionPolicy: "Retain",
    UpdateReplacePolicy: "Retain",
    Properties: { Url: "https://token.actions.githubusercontent.com", ClientIdList: ["sts.amazonaws.com"] },
  });
  expect(types(created)).toHaveLength(3);
  expect(created.stack.terminationProtection).toBe(true);
});

test("the Region of a certificate of its own is one more", () => {
  const lines = permissions(synthesize({ provider: existing, otherRegions: ["us-east-1"] }).template);
  for (const name of ["deploy-role", "file-publishing-role", "lookup-role"]) {
    const role = bootstrap(name).replace("<AWS::Region>", "us-east-1");
    expect(
      lines.some((line) => line.endsWith(`may sts:AssumeRole on ${role}`)),
      name,
    ).toBe(true);
  }
});

test("an output has each environment's role", () => {
  expect(Object.keys(synthesize().template.Outputs)).toEqual(["ProdRole", "ProdDiffRole"]);
  expect(Object.keys(synthesize({ stage: "dev" }).template.Outputs)).toEqual(["DevRole"]);
});

test("it needs no bootstrap", () => {
  const { app, stack } = synthesize();
  expect(app.synth().getStackArtifact(stack.artifactId).requiresBootstrapStackVersion).toBeUndefined();
});

describe.each(["dev", "prod"] as const)("%s", (stage) => {
  test("has no unacknowledged findings of cdk-nag", () => {
    const { app } = synthesize({ stage });
    const findings = new AwsSolutionsChecks().validateScope(app).violations;
    expect(findings.map(({ ruleName, violatingResources }) => ({ ruleName, violatingResources }))).toEqual([]);
  });
});
