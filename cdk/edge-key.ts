// The key by which functions know what came through CloudFront from what came to the APIs directly.
import { RemovalPolicy } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { GeneratedKey } from "./generated-key.ts";

export class EdgeKey extends GeneratedKey {
  /** What CloudFront adds to each request. The template has a reference, which CloudFormation resolves as it deploys. */
  readonly originHeaders: Record<string, string>;

  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: "Proves to Parlor's functions that a request came through CloudFront",
      removalPolicy: RemovalPolicy.DESTROY,
      member: "current",
    });
    this.originHeaders = { "x-parlor-edge": this.secretValueFromJson("current").unsafeUnwrap() };
  }
}
