// `npm run pipeline`: creates the roles with which GitHub deploys a stage, and prints what to set on GitHub.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { App } from "aws-cdk-lib";
import { CERTIFICATE_REGION, requestsCertificate } from "../cdk/domain.ts";
import { PipelineStack } from "../cdk/pipeline.ts";
import { Failure } from "../local/failure.ts";
import { awsAccount } from "./aws/account.ts";
import { confirm } from "./aws/ask.ts";
import { awsFolder, deployAssembly, toolEnvironment } from "./aws/cdk.ts";
import { findProvider, nameOf, subjectFrom } from "./aws/github.ts";
import { readRegion } from "./aws/region.ts";
import { describeStack } from "./aws/stack.ts";
import { stackName, stageFrom } from "./aws/stage.ts";

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { stage: { type: "string" }, repository: { type: "string" }, yes: { type: "boolean" } },
  });
  const stage = stageFrom(values.stage);
  const subject = subjectFrom(values.repository);
  const repository = nameOf(subject);
  if (stage.name === "local") throw new Failure("Only stages in an AWS account are deployed from GitHub.");
  const region = await readRegion(process.env);
  if (!region) throw new Failure("No Region is set: `npm run doctor` says how to set it.");

  const account = awsAccount(region, process.env);
  const identity = await account.identity().catch((error) => {
    throw new Failure(`AWS could not be asked (${error.message}): \`npm run doctor\` says what is wrong.`);
  });
  const provider = await findProvider(account);
  const name = `${stackName(stage)}-pipeline`;
  console.log(
    `${name} in ${region} of account ${identity.account}: roles that only jobs of ${subject} can take on, each in one environment. ` +
      `${provider ? `They trust ${provider}, which exists.` : "It also creates GitHub's identity provider."}\n` +
      `**Whoever can deploy from ${repository} can then do anything in this account**, as the CDK's own role can.`,
  );
  if (subject === repository) console.log(hint(repository));
  if (!values.yes) await confirm("Create them?");

  const app = new App({ outdir: join(awsFolder(stage), "pipeline.out"), builtinCloudFormationValidation: false });
  const otherRegions = requestsCertificate(stage.domain) ? [CERTIFICATE_REGION] : [];
  const props = { stage: stage.name, repository: subject, otherRegions };
  new PipelineStack(app, name, { ...props, ...(provider && { provider }) });
  await deployAssembly(app.synth().directory, name, toolEnvironment(process.env, region));

  const { outputs } = await describeStack(new CloudFormationClient({ region }), name);
  console.log(`\nOn GitHub, once (with its command line \`gh\`, or under Settings → Environments and Variables):\n`);
  const roles = outputs.map(({ OutputKey = "", OutputValue }) => ({
    environment: environmentOf(OutputKey),
    OutputValue,
  }));
  for (const { environment, OutputValue } of roles) {
    const of = `repos/${repository}/environments/${environment}`;
    console.log(`gh api --method PUT ${of} ${branchRule}`);
    console.log(`gh api --method POST ${of}/deployment-branch-policies -f name=main`);
    console.log(`gh variable set DEPLOY_ROLE --repo ${repository} --env ${environment} --body ${OutputValue}`);
  }
  console.log(`gh variable set AWS_REGION --repo ${repository} --body ${region}`);
  console.log(
    `gh variable set DEPLOY --repo ${repository} --body true     # last: from then on, each push to main deploys`,
  );
  if (stage.name === "prod") {
    console.log("\nGive the environment prod required reviewers: **without them, prod is deployed without approval.**");
  }
}

const hint = (repository: string) =>
  "\nGitHub identifies repositories that were created or renamed since July 15, 2026 by numbers as well. For such a one, name it as this prints it:\n" +
  `gh api repos/${repository} --jq '"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)"'`;

const branchRule =
  "-F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'";

/** The output `ProdDiffRole` has the role of the environment `prod-diff`. */
const environmentOf = (output: string) =>
  output
    .replace(/Role$/, "")
    .replace(/(?!^)([A-Z])/g, "-$1")
    .toLowerCase();
