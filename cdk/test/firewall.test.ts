// The edge key, by which functions know CloudFront, and the setting that lets nobody come past CloudFront's firewall.
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { routes } from "../routes/index.ts";
import { checked, stages } from "../stages.ts";
import { ofType, permissions, referenced, routeFunctions } from "../template/read.ts";
import { synthesize, type Template } from "../template/synthesize.ts";

const webAclArn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/parlor/1b2c3d4e-0000-4000-8000-000000000000";
const open = synthesize(stages.prod).template;
const behind = synthesize(checked({ ...stages.prod, webAclArn }));

const distribution = (template: Template) =>
  ofType(template, "AWS::CloudFront::Distribution").map(([, { Properties }]) => Properties.DistributionConfig)[0];
const key = ofType(open, "AWS::SecretsManager::Secret")
  .map(([id]) => id)
  .find((id) => id.startsWith("EdgeKey"));

/** The routes whose roles may read the edge key. */
function readers(template: Template): string[] {
  const allowed = permissions(template);
  return [...routeFunctions(template)]
    .filter(([, { resource }]) =>
      allowed.includes(`${referenced(resource.Properties.Role)} may secretsmanager:GetSecretValue on <${key}.Id>`),
    )
    .map(([route]) => route);
}

/** What the routes are told under a name, those that are. */
const variable = (template: Template, name: string): Record<string, string> =>
  Object.fromEntries(
    [...routeFunctions(template)].flatMap(([route, { resource }]) => {
      const value = resource.Properties.Environment.Variables[name];
      return value === undefined ? [] : [[route, value]];
    }),
  );
const told = (template: Template, name: string) => Object.keys(variable(template, name));
const edgeOnly = (template: Template) => variable(template, "EDGE_ONLY");
const fromOutside = routes
  .filter(({ trigger }) => trigger.kind !== "webSocket")
  .map(({ name }) => name)
  .sort();

test("CloudFront sends the key to both APIs, and not to the page's bucket", () => {
  const resolved = { "Fn::Join": ["", ["{{resolve:secretsmanager:", { Ref: key }, ":SecretString:current::}}"]] };
  const header = [{ HeaderName: "x-parlor-edge", HeaderValue: resolved }];
  const sent = distribution(open).Origins.map((origin: { OriginCustomHeaders?: object }) => origin.OriginCustomHeaders);
  expect(sent).toEqual([undefined, header, header]);
});

test("without a firewall only the routes that must know a viewer's address may read the key", () => {
  const thatKnow = ["authorize", "create-room", "create-session"];
  expect(readers(open).sort()).toEqual(thatKnow);
  expect(told(open, "EDGE_SECRET_ARN").sort()).toEqual(thatKnow);
});

test("a stage without a firewall refuses nobody for coming past CloudFront", () => {
  expect(distribution(open).WebACLId).toBeUndefined();
  expect(edgeOnly(open)).toEqual(Object.fromEntries(fromOutside.map((route) => [route, "false"])));
});

describe("behind a firewall", () => {
  test("the web ACL is CloudFront's", () => {
    expect(distribution(behind.template).WebACLId).toBe(webAclArn);
  });

  test("every route that takes requests from outside refuses what came past it, and may read the key for that", () => {
    expect(edgeOnly(behind.template)).toEqual(Object.fromEntries(fromOutside.map((route) => [route, "true"])));
    expect(told(behind.template, "EDGE_SECRET_ARN").sort()).toEqual(fromOutside);
    expect(readers(behind.template).sort()).toEqual(fromOutside);
  });

  test("there is no finding of cdk-nag without a reason beside the resource", () => {
    const findings = new AwsSolutionsChecks().validateScope(behind.app).violations;
    expect(findings.map(({ ruleName, violatingResources }) => ({ ruleName, violatingResources }))).toEqual([]);
  });
});

test.each([
  "",
  "parlor",
  webAclArn.replace("us-east-1", "eu-central-1"),
  webAclArn.replace("global", "regional"),
  webAclArn.replace("123456789012", ""),
  `${webAclArn}/more`,
])("the web ACL %j is refused, for CloudFront takes no such one", (wrong) => {
  expect(() => checked({ ...stages.dev, webAclArn: wrong })).toThrow("webAclArn is");
});

test("the local stage has no firewall, for its WebSockets do not pass CloudFront", () => {
  expect(() => checked({ ...stages.local, webAclArn })).toThrow('Stage "local": webAclArn is set');
});
