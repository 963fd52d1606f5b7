// `npm run destroy`: deletes a stage from your AWS account, after saying what goes and what stays.
import { parseArgs } from "node:util";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { certificateStackName } from "../cdk/certificate.ts";
import { CERTIFICATE_REGION, requestsCertificate } from "../cdk/domain.ts";
import { Failure } from "../local/failure.ts";
import { step } from "../local/step.ts";
import { awsAccount, stackStatus } from "./aws/account.ts";
import { ask } from "./aws/ask.ts";
import { readRegion } from "./aws/region.ts";
import { deleteStack, describeStack, type StackResource, stackResources } from "./aws/stack.ts";
import { stackName, stageFrom } from "./aws/stage.ts";
import { lossOf } from "./aws/stateful.ts";

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { stage: { type: "string" } } });
  const stage = stageFrom(values.stage);
  const name = stackName(stage);
  const region = await readRegion(process.env);
  if (!region) throw new Failure("No Region is set: `npm run doctor` says how to set it.");
  if (stage.keepsData) throw new Failure(keepsData(name));
  const client = new CloudFormationClient({ region });
  const { account } = await awsAccount(region, process.env)
    .identity()
    .catch((error) => {
      throw new Failure(`AWS could not be asked (${error.message}): \`npm run doctor\` says what is wrong.`);
    });
  if ((await stackStatus(client, name)) === undefined) {
    throw new Failure(`There is no ${name} in ${region} of account ${account}, so nothing was changed.`);
  }
  if ((await describeStack(client, name)).isProtected) throw new Failure(keepsData(name));

  const resources = await stackResources(client, name);
  const stays = resources.filter(({ retained }) => retained);
  const goes = resources.filter(({ retained }) => !retained);
  const held = goes.filter(({ type }) => lossOf(type));
  console.log(`${name} in ${region} of account ${account}\n`);
  console.log(`Goes, with what it holds:\n${list(held)}\n  and ${goes.length - held.length} other resources\n`);
  console.log(`Stays:\n${list(stays)}`);
  const answer = await ask(`\nType the stage's name, ${stage.name}, to delete it: `);
  if (answer !== stage.name) throw new Failure("Nothing was changed.");

  await step(`Deleting ${name}`, (onLine) => deleteStack(client, name, onLine));
  console.log(`\n${name} is gone. What is left of it:\n${list(stays)}`);
  console.log("  the builds in the CDK's bucket, which all stages of this Region share\n");
  if (stays.length > 0) console.log(removal);
  if (requestsCertificate(stage.domain)) {
    const stack = `--region ${CERTIFICATE_REGION} --stack-name ${certificateStackName(name)}`;
    console.log(
      `Its certificate has a stack of its own: \`aws cloudformation delete-stack ${stack}\`. The certificate itself stays.`,
    );
  }
}

const list = (resources: readonly StackResource[]) =>
  resources.map(({ type, physicalId }) => `  ${type} ${physicalId}`).join("\n") || "  no resource";

const removal =
  "To delete tables too: `aws dynamodb update-table --no-deletion-protection-enabled --table-name NAME`, then " +
  "`aws dynamodb delete-table --table-name NAME`; keys: `aws secretsmanager delete-secret --secret-id ARN`.";

const keepsData = (name: string) =>
  `${name} keeps its data and is not deleted by this command. If you mean to: ` +
  `\`aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}\`, then ` +
  `\`aws cloudformation delete-stack --stack-name ${name}\`. Its tables Rooms, Messages, Members and People and the token key stay even then; ${removal.charAt(0).toLowerCase()}${removal.slice(1)}`;
