// The key that tells functions whether a request came through CloudFront or directly to an API.
import { RemovalPolicy } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { GeneratedKey } from "./generated-key.ts";

export class EdgeKey extends GeneratedKey {
  /** CloudFront adds this to each request. The template contains only a reference, which CloudFormation resolves on deployment. */
  readonly originHeaders: Record<string, string>;

  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: "Proves to Parlor's functions that a request came through CloudFront",
      removalPolicy: RemovalPolicy.DESTROY,
      jsonKey: "current",
    });
    this.originHeaders = { "x-parlor-edge": this.secretValueFromJson("current").unsafeUnwrap() };
  }
}
