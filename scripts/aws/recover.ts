// Clears away a stack whose creation failed, so that the stage can be deployed again.
import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { Stage } from "../../cdk/stages.ts";
import { step } from "../../local/step.ts";
import { deleteStack, describeStack, failures, leftBehind, stackResources, unprotect } from "./stack.ts";
import { stackName } from "./stage.ts";

/** Says why the stack failed and what deleting it loses, then deletes it once `confirm` resolves. */
export async function recover(
  client: CloudFormationClient,
  stage: Stage,
  confirm: (question: string) => Promise<void>,
): Promise<void> {
  const name = stackName(stage);
  const { id, isProtected } = await describeStack(client, name);
  const reasons = await failures(client, id);
  console.log(`\n${name} failed when it was created:\n${reasons.join("\n") || "Its events give no reason."}`);
  const stays = await leftBehind(client, id);
  const goes = (await stackResources(client, name))
    .filter(({ retained }) => !retained)
    .map(({ type, physicalId }) => `${type} ${physicalId}`);
  print("Deleting the stack deletes", goes);
  print("It leaves in the account, and nothing uses it", stays);
  await confirm(`Delete the stack ${name}, which CloudFormation requires before it can be deployed again?`);
  if (isProtected) await unprotect(client, name);
  await step(`Deleting ${name}`, (onLine) => deleteStack(client, name, onLine));
}

function print(title: string, resources: readonly string[]): void {
  if (resources.length > 0) console.log(`\n${title}:\n${resources.map((line) => `  ${line}`).join("\n")}`);
}
