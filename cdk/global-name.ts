// Names of what AWS counts per account and not per Region, or not per stack: the CDK's own would be the same in each Region.
import { Aws } from "aws-cdk-lib";

/** Another one for each copy of a stage: stacks of one Region have different names. */
export const globalName = `${Aws.STACK_NAME}-${Aws.REGION}`;
