// A function's role: exactly the permissions given where it is created, logs to one log group and, if the stage has them, traces.
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { acknowledgeWildcard } from "./cdk-nag.ts";

export type Permission = readonly [action: string, arn: string, limits?: Limits];

export interface Limits {
  /** Only rows of a table whose partition keys match this pattern. */
  readonly keys?: string;
  /** Only through the inference profile with this ARN. */
  readonly profile?: string;
}

export function functionRole(
  scope: Construct,
  description: string,
  logs: ILogGroup,
  permissions: readonly Permission[],
  { deadLetters, tracing }: { deadLetters?: string | undefined; tracing?: boolean | undefined } = {},
): Role {
  const role = new Role(scope, "Role", {
    description,
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    inlinePolicies: {
      Logs: document([
        ["logs:CreateLogStream", logs.logGroupArn],
        ["logs:PutLogEvents", logs.logGroupArn],
      ]),
      ...(permissions.length > 0 && { Permissions: document(permissions) }),
      // Lambda puts them there in the function's name.
      ...(deadLetters !== undefined && { DeadLetters: document([["sqs:SendMessage", deadLetters]]) }),
      ...(tracing && { Traces: document(TRACES) }),
    },
  });
  if (tracing)
    acknowledgeWildcard(role, "*", "AWS X-Ray has no resources to which these two actions could be limited.");
  return role;
}

/** What Lambda needs to send traces in the function's name. Its own managed policy allows more. */
const TRACES: readonly Permission[] = [
  ["xray:PutTraceSegments", "*"],
  ["xray:PutTelemetryRecords", "*"],
];

function document(permissions: readonly Permission[]): PolicyDocument {
  return new PolicyDocument({
    statements: permissions.map(
      ([action, arn, limits]) =>
        new PolicyStatement({ actions: [action], resources: [arn], conditions: conditionsOf(limits) }),
    ),
  });
}

const conditionsOf = ({ keys, profile }: Limits = {}) => ({
  ...(keys && onlyRows(keys)),
  ...(profile && { StringEquals: { "bedrock:InferenceProfileArn": profile } }),
});

/** DynamoDB's keys are compared with `ForAllValues`, which is also true for a call without keys. `Null` refuses those. */
const onlyRows = (keys: string) => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys },
  Null: { "dynamodb:LeadingKeys": "false" },
});
