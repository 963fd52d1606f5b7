// The key that signs guest tokens.
import { RemovalPolicy } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { GeneratedKey } from "./generated-key.ts";
import type { Stage } from "./stages.ts";

export class TokenKey extends GeneratedKey {
  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, {
      description: "Signs Parlor's guest tokens",
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
  }
}
