// Accepts a finding of cdk-nag for one resource, with the reason beside that resource.
import { Stack, Validations } from "aws-cdk-lib";
import { flattenCfnReference } from "cdk-nag/lib/utils/flatten-cfn-reference.js";
import type { IConstruct } from "constructs";

export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/** Accepts that a role may do something on a resource with a `*` in its ARN. */
export function acknowledgeWildcard(role: IConstruct, arn: string, reason: string): void {
  const resource = flattenCfnReference(Stack.of(role).resolve(arn));
  acknowledge(role, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
}
