// Security of every stage on AWS: encryption, access only through CloudFront and the APIs, log retention, throttles and secrets.
import { describe, expect, test } from "vitest";
import { stages } from "../stages.ts";
import { ofType, permissions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

describe.each([stages.dev, stages.prod])("$name", (stage) => {
  const { template } = synthesize(stage);
  const properties = (type: string) => ofType(template, type).map(([, { Properties }]) => Properties);

  test("keeps the page in an encrypted bucket that requires TLS and that only CloudFront reads", () => {
    const [bucket, ...others] = ofType(template, "AWS::S3::Bucket");
    expect(others).toEqual([]);
    const [id, { Properties } = { Properties: {} }] = bucket ?? [];
    expect(Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
      { ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } },
    ]);

    const allowed = permissions(template);
    const withoutTls = 'if {"Bool":{"aws:SecureTransport":"false"}}';
    expect(allowed).toContain(`* may not s3:* on <${id}.Arn> ${withoutTls}`);
    expect(allowed).toContain(`* may not s3:* on <${id}.Arn>/* ${withoutTls}`);
    const readers = allowed.filter((line) => line.includes(`may s3:GetObject on <${id}.Arn>/*`));
    expect(readers).toEqual([expect.stringMatching(/^cloudfront\.amazonaws\.com .* if .*AWS:SourceArn.*Distribution/)]);
  });

  test("signs CloudFront's requests to the bucket, and uses TLS on both sides of CloudFront", () => {
    expect(properties("AWS::CloudFront::OriginAccessControl")).toMatchObject([
      { OriginAccessControlConfig: { SigningBehavior: "always", SigningProtocol: "sigv4" } },
    ]);
    const [{ DistributionConfig: distribution }] = properties("AWS::CloudFront::Distribution");
    const [page, ...apis] = distribution.Origins;
    expect(page.OriginAccessControlId).toBeDefined();
    expect(apis).toHaveLength(2);
    for (const { CustomOriginConfig } of apis) {
      expect(CustomOriginConfig).toEqual({ OriginProtocolPolicy: "https-only", OriginSSLProtocols: ["TLSv1.2"] });
    }
    for (const behavior of [distribution.DefaultCacheBehavior, ...distribution.CacheBehaviors]) {
      expect(behavior.ViewerProtocolPolicy).toBe("redirect-to-https");
    }
  });

  test("encrypts tables and logs with AWS-owned keys, which cannot be revoked", () => {
    for (const table of properties("AWS::DynamoDB::GlobalTable")) expect(table.SSESpecification).toBeUndefined();
    for (const group of properties("AWS::Logs::LogGroup")) expect(group.KmsKeyId).toBeUndefined();
  });

  test("caches no errors in CloudFront", () => {
    const [{ DistributionConfig: distribution }] = properties("AWS::CloudFront::Distribution");
    // The errors that CloudFront caches by default:
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html#HTTPStatusCodes-cached-errors
    const cached = [404, 414, 500, 501, 502, 503, 504];
    expect(distribution.CustomErrorResponses).toEqual(
      cached.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
    );
    const bucket = distribution.DefaultCacheBehavior.TargetOriginId;
    const apis = distribution.CacheBehaviors.filter(
      ({ TargetOriginId }: { TargetOriginId: string }) => TargetOriginId !== bucket,
    );
    expect(apis).toHaveLength(2);
    // CachingDisabled.
    for (const { CachePolicyId } of apis) expect(CachePolicyId).toBe("4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
  });

  test("limits each route to half of the smallest account quota, so that posts and other routes have the rest", () => {
    for (const { rateLimit, burstLimit } of [stage.webSocketThrottle, stage.httpThrottle]) {
      expect(rateLimit).toBeLessThanOrEqual(2_500 / 2);
      expect(burstLimit).toBeLessThanOrEqual(1_250 / 2);
    }
  });

  test("throttles the routes of both APIs according to its settings", () => {
    const throttles = ofType(template, "AWS::ApiGatewayV2::Stage").map(([id, { Properties }]) => {
      const { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit } = Properties.DefaultRouteSettings;
      return [id.startsWith("WebSocket") ? "webSocket" : "http", { rateLimit, burstLimit }];
    });
    expect(Object.fromEntries(throttles)).toEqual({ webSocket: stage.webSocketThrottle, http: stage.httpThrottle });
  });

  test("logs HTTP requests without addresses or texts", () => {
    const [http] = ofType(template, "AWS::ApiGatewayV2::Stage").filter(([id]) => id.startsWith("Http"));
    const { DestinationArn, Format } = http?.[1].Properties.AccessLogSettings ?? {};
    expect(template.Resources[DestinationArn["Fn::GetAtt"][0]]?.Type).toBe("AWS::Logs::LogGroup");
    expect(Object.values(JSON.parse(Format))).toEqual([
      "$context.requestId",
      "$context.requestTimeEpoch",
      "$context.routeKey",
      "$context.status",
      "$context.responseLatency",
      "$context.error.message",
    ]);
  });

  test("gives every function a log group in the template, so that no log is kept forever", () => {
    for (const { LoggingConfig } of properties("AWS::Lambda::Function")) {
      expect(template.Resources[LoggingConfig.LogGroup.Ref]?.Type).toBe("AWS::Logs::LogGroup");
    }
  });

  test("generates its secrets, with none in the template or an environment", () => {
    const secrets = properties("AWS::SecretsManager::Secret");
    expect(secrets).toHaveLength(2);
    for (const { GenerateSecretString, SecretString } of secrets) {
      expect(GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(32);
      expect(SecretString).toBeUndefined();
    }
    const resolving = Object.entries(template.Resources).filter(([, resource]) =>
      JSON.stringify(resource).includes("{{resolve:"),
    );
    expect(resolving.map(([, { Type }]) => Type)).toEqual(["AWS::CloudFront::Distribution"]);
  });
});
