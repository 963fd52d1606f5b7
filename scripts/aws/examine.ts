// All checks before a deployment, in the order in which one would solve what they find.
import { CERTIFICATE_REGION, requestsCertificate } from "../../cdk/domain.ts";
import type { Stage } from "../../cdk/stages.ts";
import { requiredBootstrap } from "../../cdk/template/synthesize.ts";
import { awsAccount } from "./account.ts";
import { checkAccount, checkCertificateRegion } from "./checks.ts";
import { type Finding, formatFinding } from "./findings.ts";
import { checkMachine, thisMachine } from "./machine.ts";
import { checkRegion, readRegion, regionOfProfile } from "./region.ts";

/** Prints each finding and returns them. */
export async function examine(stage: Stage, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const findings: Finding[] = [];
  const add = (found: readonly Finding[]) => {
    findings.push(...found);
    for (const finding of found) console.log(formatFinding(finding));
  };
  add(checkMachine(thisMachine));
  const region = await readRegion(env);
  add([checkRegion(env, await regionOfProfile())]);
  if (region) {
    const target = { stage, region, requiredBootstrap: requiredBootstrap(stage) };
    add(await checkAccount(awsAccount(region, env), target));
    if (requestsCertificate(stage.domain) && region !== CERTIFICATE_REGION) {
      add([await checkCertificateRegion(awsAccount(CERTIFICATE_REGION, env), target)]);
    }
  }
  return findings;
}
