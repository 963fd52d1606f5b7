// The page's private bucket, and the one CloudFront host through which people reach page, HTTP API and WebSockets.
import { RemovalPolicy } from "aws-cdk-lib";
import type { HttpApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { apiOrigin, connectSources, webSocketOrigin } from "./addresses.ts";
import type { EdgeKey } from "./edge-key.ts";
import { SecurityHeaders } from "./security-headers.ts";
import type { Stage } from "./stages.ts";

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
      // A bucket with files in it cannot be deleted with its stack, and nothing here may delete files.
      removalPolicy: RemovalPolicy.RETAIN,
    }) as IBucket;
    acknowledge(this.bucket, "AwsSolutions-S1", "Holds only the published page, and only CloudFront reads it.");

    const viewerProtocolPolicy = onAws ? ViewerProtocolPolicy.REDIRECT_TO_HTTPS : ViewerProtocolPolicy.ALLOW_ALL;
    const responseHeadersPolicy = new SecurityHeaders(this, "Headers", connectSources(stage));
    const passedOn = {
      viewerProtocolPolicy,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    };
    this.distribution = new Distribution(this, "Distribution", {
      comment: `Parlor ${stage.name}`,
      defaultRootObject: "index.html",
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...(stage.webAclArn && { webAclId: stage.webAclArn }),
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
        viewerProtocolPolicy,
        responseHeadersPolicy,
      },
      additionalBehaviors: {
        "/api/*": {
          ...passedOn,
          origin: apiOrigin(stage, api, edgeKey.originHeaders),
          allowedMethods: AllowedMethods.ALLOW_ALL,
          responseHeadersPolicy,
        },
        [`/${webSocketStage.stageName}`]: {
          ...passedOn,
          origin: webSocketOrigin(webSocketStage, edgeKey.originHeaders),
        },
      },
    });
    acknowledge(this.distribution, "AwsSolutions-CFR1", "People everywhere may talk.");
    if (stage.webAclArn === undefined) {
      acknowledge(
        this.distribution,
        "AwsSolutions-CFR2",
        "A firewall costs by the month even while nobody talks; the setting webAclArn.",
      );
    }
    acknowledge(this.distribution, "AwsSolutions-CFR3", "Access logs would collect people's addresses.");
    acknowledge(
      this.distribution,
      "AwsSolutions-CFR4",
      "The minimum TLS version needs a domain and certificate of one's own.",
    );
  }
}
