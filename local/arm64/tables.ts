// Creates the tables that the recorded events need, from the stack's definition.
import { CreateStackCommand, waitUntilStackCreateComplete } from "@aws-sdk/client-cloudformation";
import { App, Stack } from "aws-cdk-lib";
import { stages } from "../../cdk/stages.ts";
import { Tables } from "../../cdk/tables.ts";
import { cloudFormation } from "../clients.ts";
import type { Instance } from "../instance.ts";

/** Returns the environment variables with the table names. */
export async function createTables(at: Instance): Promise<Record<string, string>> {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, "tables");
  const { rooms, connections, messages, members, limits } = new Tables(stack, "Tables", stages.local);
  for (const [name, table] of Object.entries({ rooms, connections, messages, members, limits }))
    stack.exportValue(table.tableName, { name });
  // Without parameters: those require a bootstrapped account.
  const { Resources, Outputs } = app.synth().getStackArtifact(stack.artifactId).template;
  const TemplateBody = JSON.stringify({ Resources, Outputs });

  const client = cloudFormation(at);
  await client.send(new CreateStackCommand({ StackName: stack.stackName, TemplateBody }));
  const waiting = { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  const { reason } = await waitUntilStackCreateComplete(waiting, { StackName: stack.stackName });
  const outputs = reason.Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(
    outputs.map(({ ExportName = "", OutputValue = "" }) => [`${ExportName.toUpperCase()}_TABLE`, OutputValue]),
  );
}
