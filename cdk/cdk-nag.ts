// Acknowledges findings of cdk-nag on one construct each, with the reason next to that construct.
import { Stack, Validations } from "aws-cdk-lib";
import { flattenCfnReference } from "cdk-nag/lib/utils/flatten-cfn-reference.js";
import type { IConstruct } from "constructs";

export function acknowledgeFinding(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/** Acknowledges that a role has a permission on an ARN that contains `*`. */
export function acknowledgeWildcard(role: IConstruct, arn: string, reason: string): void {
  const resource = flattenCfnReference(Stack.of(role).resolve(arn));
  acknowledgeFinding(role, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
}
