// What a stage on AWS has, whatever its settings: encryption, one way in, logs that end, throttles, and no secret in sight.
import { describe, expect, test } from "vitest";
import { stages } from "../stages.ts";
import { ofType, permissions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

describe.each([stages.dev, stages.prod])("$name", (stage) => {
  const { template } = synthesize(stage);
  const properties = (type: string) => ofType(template, type).map(([, { Properties }]) => Properties);

  test("keeps the page in an encrypted bucket that nobody reaches without TLS, and only CloudFront reads", () => {
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

  test("signs what CloudFront asks of the bucket, and talks TLS on both sides of CloudFront", () => {
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

  test("leaves the tables and the logs encrypted with AWS's own keys, which nobody can take away", () => {
    for (const table of properties("AWS::DynamoDB::GlobalTable")) expect(table.SSESpecification).toBeUndefined();
    for (const group of properties("AWS::Logs::LogGroup")) expect(group.KmsKeyId).toBeUndefined();
  });

  test("lets CloudFront answer nobody with an error that somebody else got", () => {
    const [{ DistributionConfig: distribution }] = properties("AWS::CloudFront::Distribution");
    // All that CloudFront keeps without being asked to:
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html#HTTPStatusCodes-cached-errors
    const kept = [404, 414, 500, 501, 502, 503, 504];
    expect(distribution.CustomErrorResponses).toEqual(kept.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })));
    // CachingDisabled, with which it keeps nothing at all.
    for (const { CachePolicyId } of distribution.CacheBehaviors) {
      expect(CachePolicyId).toBe("4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
    }
  });

  test("lets no route take more than half of what the smallest account has, so that posts and the others have the rest", () => {
    for (const { rateLimit, burstLimit } of [stage.webSocketThrottle, stage.httpThrottle]) {
      expect(rateLimit).toBeLessThanOrEqual(2_500 / 2);
      expect(burstLimit).toBeLessThanOrEqual(1_250 / 2);
    }
  });

  test("throttles each route of both APIs as its settings say", () => {
    const throttles = ofType(template, "AWS::ApiGatewayV2::Stage").map(([id, { Properties }]) => {
      const { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit } = Properties.DefaultRouteSettings;
      return [id.startsWith("WebSocket") ? "webSocket" : "http", { rateLimit, burstLimit }];
    });
    expect(Object.fromEntries(throttles)).toEqual({ webSocket: stage.webSocketThrottle, http: stage.httpThrottle });
  });

  test("logs who was answered how by the HTTP API, and neither addresses nor texts", () => {
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

  test("gives every function a log group of the template's, so that no log is kept for ever", () => {
    for (const { LoggingConfig } of properties("AWS::Lambda::Function")) {
      expect(template.Resources[LoggingConfig.LogGroup.Ref]?.Type).toBe("AWS::Logs::LogGroup");
    }
  });

  test("generates its secrets, and has none in the template or in an environment", () => {
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
