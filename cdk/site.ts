// The page's private bucket, and the CloudFront distribution in front of the page, the HTTP API and the WebSocket API.
import { join } from "node:path";
import { Duration, Fn, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { HttpApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginRequestPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { CfnRecordSet } from "aws-cdk-lib/aws-route53";
import { CloudFrontTarget } from "aws-cdk-lib/aws-route53-targets";
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { apiOrigin, connectSources, webSocketOrigin } from "./addresses.ts";
import { acknowledgeFinding } from "./cdk-nag.ts";
import { CERTIFICATE_OUTPUT, certificateStackName } from "./certificate.ts";
import { CERTIFICATE_REGION, type Domain } from "./domain.ts";
import type { EdgeKey } from "./edge-key.ts";
import { globalName } from "./global-name.ts";
import { signInOrigins } from "./identity-provider.ts";
import { SecurityHeaders } from "./security-headers.ts";
import type { Stage } from "./stages.ts";

/**
 * Errors that CloudFront caches for ten seconds, whatever the origin says, unless the template sets a time for each. (It does
 * not cache the APIs at all.) It caches other errors only if the origin asks for it.
 */
const CACHED_ERRORS = [404, 414, 500, 501, 502, 503, 504];

export interface SiteProps {
  readonly stage: Stage;
  readonly api: HttpApi;
  readonly webSocketStage: WebSocketStage;
  readonly edgeKey: EdgeKey;
}

export class Site extends Construct {
  readonly bucket: IBucket;
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { stage, api, webSocketStage, edgeKey }: SiteProps) {
    super(scope, id);
    const onAws = stage.emulatorPort === undefined;

    // The class does not satisfy its own interface under `exactOptionalPropertyTypes`.
    this.bucket = new Bucket(this, "Bucket", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: onAws,
      // A deployment rebuilds the page, so nothing is lost. Only empty buckets can be deleted: `page.ts` empties it.
      removalPolicy: RemovalPolicy.DESTROY,
    }) as IBucket;
    acknowledgeFinding(
      this.bucket,
      "AwsSolutions-S1",
      "Contains only the published page, which only CloudFront reads.",
    );

    const viewerProtocolPolicy = onAws ? ViewerProtocolPolicy.REDIRECT_TO_HTTPS : ViewerProtocolPolicy.ALLOW_ALL;
    const responseHeadersPolicy = new SecurityHeaders(this, "Headers", [
      ...connectSources(stage),
      ...signInOrigins(Stack.of(this), stage),
    ]);
    const viewerAddress = new EdgeFunction(this, "ViewerAddress", {
      functionName: globalName,
      comment: "Passes the viewer's address to the APIs",
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromFile({ filePath: join(import.meta.dirname, "viewer-address.js") }),
    });
    const apiBehavior = {
      viewerProtocolPolicy,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      functionAssociations: [{ function: viewerAddress, eventType: FunctionEventType.VIEWER_REQUEST }],
    };
    const pageAddress = new EdgeFunction(this, "PageAddress", {
      functionName: `${globalName}-page`,
      comment: "Serves the page for every path that is not one of its files",
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromFile({ filePath: join(import.meta.dirname, "page-address.js") }),
    });
    const pageBehavior = {
      origin: S3BucketOrigin.withOriginAccessControl(this.bucket, {
        originAccessControl: new S3OriginAccessControl(this, "OriginAccess", { originAccessControlName: globalName }),
      }),
      viewerProtocolPolicy,
      responseHeadersPolicy,
      functionAssociations: [{ function: pageAddress, eventType: FunctionEventType.VIEWER_REQUEST }],
    };
    this.distribution = new Distribution(this, "Distribution", {
      comment: `Parlor ${stage.name}`,
      defaultRootObject: "index.html",
      httpVersion: HttpVersion.HTTP2_AND_3,
      errorResponses: CACHED_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      ...(stage.webAclArn && { webAclId: stage.webAclArn }),
      ...(stage.domain && this.ownHost(stage.domain)),
      defaultBehavior: pageBehavior,
      // The first match wins.
      additionalBehaviors: {
        "/api/docs": pageBehavior,
        "/api/docs/": pageBehavior,
        "/api/*": {
          ...apiBehavior,
          origin: apiOrigin(stage, api, edgeKey.originHeaders),
          allowedMethods: AllowedMethods.ALLOW_ALL,
          responseHeadersPolicy,
        },
        [`/${webSocketStage.stageName}`]: {
          ...apiBehavior,
          origin: webSocketOrigin(webSocketStage, edgeKey.originHeaders),
        },
      },
    });
    acknowledgeFinding(this.distribution, "AwsSolutions-CFR1", "People may connect from every country.");
    if (stage.webAclArn === undefined) {
      acknowledgeFinding(
        this.distribution,
        "AwsSolutions-CFR2",
        "A web ACL is billed monthly even without traffic. The setting webAclArn adds one.",
      );
    }
    acknowledgeFinding(this.distribution, "AwsSolutions-CFR3", "Access logs would store people's IP addresses.");
    if (stage.domain === undefined) {
      acknowledgeFinding(
        this.distribution,
        "AwsSolutions-CFR4",
        "Setting the minimum TLS version requires a certificate. The setting domain adds one.",
      );
    }
    if (stage.domain?.zoneId) this.addRecords(stage.domain.name, stage.domain.zoneId);
  }

  private ownHost({ name, certificateArn }: Domain) {
    const { stackName } = Stack.of(this);
    const arn =
      certificateArn ?? Fn.getStackOutput(certificateStackName(stackName), CERTIFICATE_OUTPUT, CERTIFICATE_REGION);
    return {
      domainNames: [name],
      certificate: Certificate.fromCertificateArn(this, "Certificate", arn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    };
  }

  /** Makes the host lead to the distribution, over IPv4 and IPv6. */
  private addRecords(name: string, hostedZoneId: string): void {
    for (const type of ["A", "AAAA"]) {
      new CfnRecordSet(this, type, {
        name,
        type,
        hostedZoneId,
        aliasTarget: {
          dnsName: this.distribution.distributionDomainName,
          hostedZoneId: CloudFrontTarget.CLOUDFRONT_ZONE_ID,
        },
      });
    }
  }
}
