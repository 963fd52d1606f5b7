// The edge key, which proves that a request came through CloudFront, and the setting for CloudFront's firewall.
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { isFromOutside, routes } from "../routes/index.ts";
import { stages, validateStage } from "../stages.ts";
import { ofType, permissions, referenced, routeFunctions } from "../template/read.ts";
import { synthesize, type Template } from "../template/synthesize.ts";

const webAclArn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/parlor/1b2c3d4e-0000-4000-8000-000000000000";
const withoutFirewall = synthesize(stages.prod).template;
const withFirewall = synthesize(validateStage({ ...stages.prod, webAclArn }));

const distribution = (template: Template) =>
  ofType(template, "AWS::CloudFront::Distribution").map(([, { Properties }]) => Properties.DistributionConfig)[0];
const key = ofType(withoutFirewall, "AWS::SecretsManager::Secret")
  .map(([id]) => id)
  .find((id) => id.startsWith("EdgeKey"));

/** Returns the routes whose roles may read the edge key. */
function readers(template: Template): string[] {
  const allowed = permissions(template);
  return [...routeFunctions(template)]
    .filter(([, { resource }]) =>
      allowed.includes(`${referenced(resource.Properties.Role)} may secretsmanager:GetSecretValue on <${key}.Id>`),
    )
    .map(([route]) => route);
}

/** Returns the values of an environment variable, by route. */
const variables = (template: Template, name: string): Record<string, string> =>
  Object.fromEntries(
    [...routeFunctions(template)].flatMap(([route, { resource }]) => {
      const value = resource.Properties.Environment.Variables[name];
      return value === undefined ? [] : [[route, value]];
    }),
  );
const routesWith = (template: Template, name: string) => Object.keys(variables(template, name));
const edgeOnly = (template: Template) => variables(template, "EDGE_ONLY");
const fromOutside = routes
  .filter(isFromOutside)
  .map(({ name }) => name)
  .sort();

test("CloudFront sends the key to both APIs but not to the page's bucket", () => {
  const resolved = { "Fn::Join": ["", ["{{resolve:secretsmanager:", { Ref: key }, ":SecretString:current::}}"]] };
  const header = [{ HeaderName: "x-parlor-edge", HeaderValue: resolved }];
  const headers = distribution(withoutFirewall).Origins.map(
    (origin: { OriginCustomHeaders?: object }) => origin.OriginCustomHeaders,
  );
  expect(headers).toEqual([undefined, header, header]);
});

test("without a firewall, only routes that need the client's address may read the key", () => {
  const needAddress = ["authorize", "create-pass", "create-room", "create-session", "get-person"];
  expect(readers(withoutFirewall).sort()).toEqual(needAddress);
  expect(routesWith(withoutFirewall, "EDGE_SECRET_ARN").sort()).toEqual(needAddress);
});

test("without a firewall, no route refuses requests that bypass CloudFront", () => {
  expect(distribution(withoutFirewall).WebACLId).toBeUndefined();
  expect(edgeOnly(withoutFirewall)).toEqual(Object.fromEntries(fromOutside.map((route) => [route, "false"])));
});

describe("with a firewall", () => {
  test("CloudFront has the web ACL", () => {
    expect(distribution(withFirewall.template).WebACLId).toBe(webAclArn);
  });

  test("every route that takes requests from outside refuses requests that bypass CloudFront, and may read the key", () => {
    expect(edgeOnly(withFirewall.template)).toEqual(Object.fromEntries(fromOutside.map((route) => [route, "true"])));
    expect(routesWith(withFirewall.template, "EDGE_SECRET_ARN").sort()).toEqual(fromOutside);
    expect(readers(withFirewall.template).sort()).toEqual(fromOutside);
  });

  test("cdk-nag has no unacknowledged findings", () => {
    const findings = new AwsSolutionsChecks().validateScope(withFirewall.app).violations;
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
])("the web ACL %j is rejected: CloudFront would not accept it", (wrong) => {
  expect(() => validateStage({ ...stages.dev, webAclArn: wrong })).toThrow("webAclArn is");
});

test("the local stage rejects a firewall, because its WebSockets do not pass CloudFront", () => {
  expect(() => validateStage({ ...stages.local, webAclArn })).toThrow('Stage "local": webAclArn is set');
});
