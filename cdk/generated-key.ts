// A key that the deployment generates in Secrets Manager. Functions read it at run time; it is never in the template or in a
// function's environment.
import type { RemovalPolicy } from "aws-cdk-lib";
import { type CfnSecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { acknowledgeFinding } from "./cdk-nag.ts";

export interface GeneratedKeyProps {
  readonly description: string;
  readonly removalPolicy: RemovalPolicy;
  /** Stores the key as a JSON object, under this name. By default, the secret is the key itself. */
  readonly jsonKey?: string;
}

export class GeneratedKey extends Secret {
  /** The ARN, on AWS and locally. (`secretArn` is a `Ref`, which the local cloud resolves to the name.) */
  readonly arn: string;

  constructor(scope: Construct, id: string, { description, removalPolicy, jsonKey }: GeneratedKeyProps) {
    super(scope, id, {
      description,
      generateSecretString: {
        passwordLength: 64,
        excludePunctuation: true,
        ...(jsonKey && { generateStringKey: jsonKey, secretStringTemplate: "{}" }),
      },
      removalPolicy,
    });
    this.arn = (this.node.defaultChild as CfnSecret).attrId;
    acknowledgeFinding(
      this,
      "AwsSolutions-SMG4",
      "The operator rotates it: functions accept the previous key only while the secret contains both.",
    );
  }
}
