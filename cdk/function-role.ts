// A role for a function: all that it may do is written out where the role is made, and its logs go to one log group only.
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

/** With keys only on rows of a table whose partition keys are like these. */
export type Permission = readonly [action: string, arn: string, keys?: string | undefined];

export function functionRole(
  scope: Construct,
  description: string,
  logs: ILogGroup,
  permissions: readonly Permission[],
): Role {
  return new Role(scope, "Role", {
    description,
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    inlinePolicies: {
      Logs: document([
        ["logs:CreateLogStream", logs.logGroupArn],
        ["logs:PutLogEvents", logs.logGroupArn],
      ]),
      ...(permissions.length > 0 && { Permissions: document(permissions) }),
    },
  });
}

function document(permissions: readonly Permission[]): PolicyDocument {
  return new PolicyDocument({
    statements: permissions.map(
      ([action, arn, keys]) =>
        new PolicyStatement({ actions: [action], resources: [arn], ...(keys && { conditions: onRows(keys) }) }),
    ),
  });
}

/** `ForAllValues` is how DynamoDB's keys are compared; it also holds for a call without any, which `Null` refuses. */
const onRows = (keys: string) => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys },
  Null: { "dynamodb:LeadingKeys": "false" },
});
