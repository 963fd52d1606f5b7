// A stage with a host name of its own: its certificate, its records, and everything that names the host.
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { CertificateStack } from "../certificate.ts";
import type { Domain } from "../domain.ts";
import { stages, validateStage } from "../stages.ts";
import { ofType, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const name = "chat.example.org";
const zoneId = "Z0123456789ABCDEFGHIJ";
const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000";

const withDomain = (domain: Partial<Domain> = {}) =>
  synthesize(validateStage({ ...stages.prod, domain: { name, ...domain } }));

const distributionOf = ({ template }: ReturnType<typeof withDomain>) =>
  ofType(template, "AWS::CloudFront::Distribution")[0]?.[1].Properties.DistributionConfig;

function certificateOf({ app }: ReturnType<typeof withDomain>) {
  const stack = app.node.children.find((child): child is CertificateStack => child instanceof CertificateStack);
  return stack && { stack, template: app.synth().getStackArtifact(stack.artifactId).template };
}

test("page, API and WebSockets are at the host, with TLS 1.2 or newer", () => {
  const stage = withDomain({ certificateArn });
  const { Outputs } = stage.template;
  expect([Outputs.SiteUrl?.Value, Outputs.ApiUrl?.Value, Outputs.WebSocketUrl?.Value]).toEqual([
    `https://${name}`,
    `https://${name}/api`,
    `wss://${name}/ws`,
  ]);
  expect(distributionOf(stage)).toMatchObject({
    Aliases: [name],
    ViewerCertificate: {
      AcmCertificateArn: certificateArn,
      MinimumProtocolVersion: "TLSv1.2_2021",
      SslSupportMethod: "sni-only",
    },
  });
});

test("links to rooms and the origins that may connect follow the host, and nothing names CloudFront's", () => {
  for (const [route, { resource }] of routeFunctions(withDomain({ certificateArn }).template)) {
    const { SITE_URL, ORIGINS } = resource.Properties.Environment.Variables;
    if (SITE_URL !== undefined) expect(SITE_URL, route).toBe(`https://${name}`);
    if (route === "authorize") expect(ORIGINS).toBe(`https://${name}`);
  }
  const [page] = ofType(withDomain({ certificateArn }).template, "AWS::CloudFront::ResponseHeadersPolicy");
  expect(JSON.stringify(page)).toContain("connect-src 'self';");
});

test("a stack of its own requests the certificate in us-east-1, and the stage's stack reads it from there", () => {
  const stage = withDomain({ zoneId });
  const certificate = certificateOf(stage);
  expect(certificate?.stack.region).toBe("us-east-1");
  expect(certificate?.stack.stackName).toBe("parlor-prod-certificate");
  const [[, resource] = ["", undefined], ...others] = ofType(
    certificate?.template,
    "AWS::CertificateManager::Certificate",
  );
  expect(others).toEqual([]);
  expect(resource).toMatchObject({
    DeletionPolicy: "RetainExceptOnCreate",
    Properties: {
      DomainName: name,
      ValidationMethod: "DNS",
      DomainValidationOptions: [{ DomainName: name, HostedZoneId: zoneId }],
    },
  });
  expect(distributionOf(stage).ViewerCertificate.AcmCertificateArn).toEqual({
    "Fn::GetStackOutput": { StackName: "parlor-prod-certificate", OutputName: "CertificateArn", Region: "us-east-1" },
  });
  expect(certificate?.template.Outputs).toHaveProperty("CertificateArn");
  expect(stage.stack.dependencies).toEqual([certificate?.stack]);
});

test("a certificate that is given is used, and none is requested", () => {
  expect(certificateOf(withDomain({ certificateArn }))).toBeUndefined();
});

test("with a zone, the host leads to the distribution over IPv4 and IPv6; without, an output says where it must lead", () => {
  const stage = withDomain({ zoneId });
  const [distribution = ""] = ofType(stage.template, "AWS::CloudFront::Distribution").map(([id]) => id);
  const host = { "Fn::GetAtt": [distribution, "DomainName"] };
  const records = ofType(stage.template, "AWS::Route53::RecordSet").map(([, { Properties }]) => Properties);
  expect(records).toEqual(
    ["A", "AAAA"].map((Type) => ({
      Name: name,
      Type,
      HostedZoneId: zoneId,
      AliasTarget: { DNSName: host, HostedZoneId: expect.anything() },
    })),
  );
  const without = withDomain();
  expect(ofType(without.template, "AWS::Route53::RecordSet")).toEqual([]);
  expect(without.template.Outputs.DistributionHost?.Value).toEqual(host);
});

test("a stage without a domain has no certificate, no record and no output for one", () => {
  const { app, template } = synthesize(stages.prod);
  expect(app.node.children.filter((child) => child instanceof CertificateStack)).toEqual([]);
  expect(template.Outputs).not.toHaveProperty("DistributionHost");
});

describe.each([{}, { zoneId }, { zoneId, certificateArn }])("with %j", (domain) => {
  test("has no unacknowledged findings of cdk-nag", () => {
    const findings = new AwsSolutionsChecks().validateScope(withDomain(domain).app).violations;
    expect(findings.map(({ ruleName, violatingResources }) => ({ ruleName, violatingResources }))).toEqual([]);
  });
});

test.each([
  "",
  "example",
  "Chat.example.org",
  "https://chat.example.org",
  "chat.example.org/",
  "*.example.org",
  "a..org",
  "-a.org",
  "chat.example.org:443",
  `${"a".repeat(64)}.org`,
])("the name %j is rejected", (wrong) =>
  expect(() => withDomain({ name: wrong })).toThrow(`Stage "prod": domain.name is "${wrong}"`),
);

test.each(["chat.example.org", "example.org", "xn--bcher-kva.example", "a-b.c-d.co.uk"])(
  "the name %j is accepted",
  (right) => {
    expect(distributionOf(withDomain({ name: right })).Aliases).toEqual([right]);
  },
);

test.each([
  [{ zoneId: "example.org" }, "domain.zoneId is"],
  [
    { certificateArn: certificateArn.replace("us-east-1", "eu-central-1") },
    "CloudFront takes certificates from us-east-1 only",
  ],
])("%j is rejected", (domain, message) => expect(() => withDomain(domain)).toThrow(message));

test("the local stage has no domain", () => {
  expect(() => validateStage({ ...stages.local, domain: { name } })).toThrow('Stage "local": domain is set.');
});
