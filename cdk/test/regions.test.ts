// One account can contain a stage in several Regions, and twice in one Region: no account-wide name is fixed.
import { expect, test } from "vitest";
import { stages } from "../stages.ts";
import { synthesize } from "../template/synthesize.ts";

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's shapes
type Properties = any;

/** The names of resources in services with account-wide names. CloudFormation generates a name that is unset. */
const names: Record<string, (properties: Properties) => unknown> = {
  "AWS::CloudFront::Distribution": ({ DistributionConfig }) => DistributionConfig.Aliases,
  "AWS::CloudFront::Function": ({ Name }) => Name,
  "AWS::CloudFront::OriginAccessControl": ({ OriginAccessControlConfig }) => OriginAccessControlConfig.Name,
  "AWS::CloudFront::ResponseHeadersPolicy": ({ ResponseHeadersPolicyConfig }) => ResponseHeadersPolicyConfig.Name,
  "AWS::CloudWatch::Alarm": ({ AlarmName }) => AlarmName,
  "AWS::CloudWatch::Dashboard": ({ DashboardName }) => DashboardName,
  "AWS::IAM::Policy": () => undefined,
  "AWS::IAM::Role": ({ RoleName }) => RoleName,
  "AWS::S3::Bucket": ({ BucketName }) => BucketName,
  "AWS::S3::BucketPolicy": () => undefined,
};

const copies = [
  { "AWS::StackName": "parlor-prod", "AWS::Region": "eu-central-1" },
  { "AWS::StackName": "parlor-prod", "AWS::Region": "us-east-1" },
  { "AWS::StackName": "parlor-prod-two", "AWS::Region": "us-east-1" },
];

/** Returns a name as CloudFormation resolves it in this copy. */
function resolve(value: unknown, copy: Record<string, string>): string {
  if (typeof value === "string") return value;
  const { Ref, "Fn::Join": join } = value as { Ref?: string; "Fn::Join"?: [separator: string, parts: unknown[]] };
  if (join) return join[1].map((part) => resolve(part, copy)).join(join[0]);
  const found = Ref && copy[Ref];
  if (!found) throw new Error(`Cannot resolve ${JSON.stringify(value)}`);
  return found;
}

const resources = Object.entries(synthesize(stages.prod).template.Resources).filter(([, { Type }]) =>
  /^AWS::(CloudFront|CloudWatch|IAM|S3|Route53|WAFv2|CertificateManager)::/.test(Type),
);

test("the test knows the name property of every account-wide kind of resource", () => {
  const kinds = new Set(resources.map(([, { Type }]) => Type));
  expect([...kinds].filter((kind) => !names[kind])).toEqual([]);
});

test("no two copies of a stage share a name, and no name is too long", () => {
  const given = resources.flatMap(([id, { Type, Properties }]) => {
    const name = names[Type]?.(Properties);
    return name === undefined ? [] : [{ id, at: copies.map((copy) => resolve(name, copy)) }];
  });
  expect(given.map(({ id }) => id.replace(/[0-9A-F]{8}$/, "")).sort()).toEqual([
    "SiteHeaders",
    "SiteOriginAccess",
    "SitePageAddress",
    "SiteViewerAddress",
  ]);
  for (const { id, at } of given) {
    expect(new Set(at).size, id).toBe(copies.length);
    for (const name of at) expect(name).toMatch(/^[\w-]{1,64}$/);
  }
});
