// A key that the deployment generates into Secrets Manager. Handlers read it at run time: it is never in the template, nor
// in a function's environment.
import type { RemovalPolicy } from "aws-cdk-lib";
import { type CfnSecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";

export interface GeneratedKeyProps {
  readonly description: string;
  readonly removalPolicy: RemovalPolicy;
  /** Where the secret is to be JSON, the name of the key in it. */
  readonly member?: string;
}

export class GeneratedKey extends Secret {
  /** `secretArn` is a `Ref`, which the local cloud resolves to the name; this attribute is the ARN everywhere. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { description, removalPolicy, member }: GeneratedKeyProps) {
    super(scope, id, {
      description,
      generateSecretString: {
        passwordLength: 64,
        excludePunctuation: true,
        ...(member && { generateStringKey: member, secretStringTemplate: "{}" }),
      },
      removalPolicy,
    });
    this.arn = (this.node.defaultChild as CfnSecret).attrId;
    acknowledge(
      this,
      "AwsSolutions-SMG4",
      "The operator rotates it, for handlers accept the key before only while the secret has both.",
    );
  }
}
