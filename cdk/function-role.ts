// A role for a function: all that it may do is written out where the role is made, and its logs go to one log group only.
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

export type Permission = readonly [action: string, arn: string];

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
    statements: permissions.map(([action, arn]) => new PolicyStatement({ actions: [action], resources: [arn] })),
  });
}
