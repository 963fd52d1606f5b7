// The Region that everything is deployed to.
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { type Finding, ok, problem, warning } from "./findings.ts";

const title = "Region";
const example = "`export AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1`";

/** Checks the variables that AWS's tools read, or the profile's Region if neither is set. */
export function checkRegion(env: NodeJS.ProcessEnv, ofProfile: string | undefined): Finding {
  const { AWS_REGION: first, AWS_DEFAULT_REGION: second } = env;
  if (first && second && first !== second) {
    return problem(title, `AWS_REGION is ${first} and AWS_DEFAULT_REGION is ${second}: set both to the same Region.`);
  }
  if (first && second) return ok(title, first);
  const region = first || second;
  if (region) {
    const missing = first ? "AWS_DEFAULT_REGION" : "AWS_REGION";
    return warning(
      title,
      `${region}, but only one variable is set. \`npm run\` commands use it; for other tools, run \`export ${missing}=${region}\`.`,
    );
  }
  if (ofProfile) return ok(title, `${ofProfile}, from your AWS configuration`);
  return problem(title, `no Region is set: run, for example, ${example}.`);
}

/** Returns the Region that a deployment uses, if any. */
export async function readRegion(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return env.AWS_REGION || env.AWS_DEFAULT_REGION || regionOfProfile();
}

/** Returns the Region of the AWS configuration file, if it has one. */
export const regionOfProfile = (): Promise<string | undefined> =>
  new CloudFormationClient().config.region().catch(() => undefined);
