// The page's private bucket, and the one CloudFront host through which people reach page, HTTP API and WebSockets.
import { join } from "node:path";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { HttpApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
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
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { apiOrigin, connectSources, webSocketOrigin } from "./addresses.ts";
import type { EdgeKey } from "./edge-key.ts";
import { globalName } from "./global-name.ts";
import { SecurityHeaders } from "./security-headers.ts";
import type { Stage } from "./stages.ts";

/**
 * The errors that CloudFront keeps for ten seconds, and answers others with, whatever the origin says: unless a time is set
 * for each. (Not those of the APIs: it keeps nothing of them.) Others it keeps only where an origin asks it to.
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
      // Nothing is lost with it: a deployment builds the page anew. `page.ts` empties it, for only empty buckets can be deleted.
      removalPolicy: RemovalPolicy.DESTROY,
    }) as IBucket;
    acknowledge(this.bucket, "AwsSolutions-S1", "Holds only the published page, and only CloudFront reads it.");

    const viewerProtocolPolicy = onAws ? ViewerProtocolPolicy.REDIRECT_TO_HTTPS : ViewerProtocolPolicy.ALLOW_ALL;
    const responseHeadersPolicy = new SecurityHeaders(this, "Headers", connectSources(stage));
    const viewerAddress = new EdgeFunction(this, "ViewerAddress", {
      functionName: globalName,
      comment: "Tells the APIs the viewer's address",
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromFile({ filePath: join(import.meta.dirname, "viewer-address.js") }),
    });
    const passedOn = {
      viewerProtocolPolicy,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      functionAssociations: [{ function: viewerAddress, eventType: FunctionEventType.VIEWER_REQUEST }],
    };
    const pageAddress = new EdgeFunction(this, "PageAddress", {
      functionName: `${globalName}-page`,
      comment: "Answers what is no file of the page with the page",
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromFile({ filePath: join(import.meta.dirname, "page-address.js") }),
    });
    this.distribution = new Distribution(this, "Distribution", {
      comment: `Parlor ${stage.name}`,
      defaultRootObject: "index.html",
      httpVersion: HttpVersion.HTTP2_AND_3,
      errorResponses: CACHED_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      ...(stage.webAclArn && { webAclId: stage.webAclArn }),
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket, {
          originAccessControl: new S3OriginAccessControl(this, "OriginAccess", { originAccessControlName: globalName }),
        }),
        viewerProtocolPolicy,
        responseHeadersPolicy,
        functionAssociations: [{ function: pageAddress, eventType: FunctionEventType.VIEWER_REQUEST }],
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
