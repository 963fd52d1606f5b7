// A name for resources whose names must be unique in an account across Regions. The CDK's default is the same in each Region.
import { Aws } from "aws-cdk-lib";

/** Unique for each copy of a stage, because stacks in one Region have different names. */
export const globalName = `${Aws.STACK_NAME}-${Aws.REGION}`;
