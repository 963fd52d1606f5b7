// A stage that is deployed: in your AWS account, or in the local cloud that is running on a port.
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { type Stage, stages } from "../../cdk/stages.ts";
import { Failure } from "../../local/failure.ts";
import { instance, portFrom } from "../../local/instance.ts";
import { readRegion } from "./region.ts";
import { type StackResource, stackResources } from "./stack.ts";
import { stackName, stageFrom } from "./stage.ts";

export interface Deployed {
  readonly stage: Stage;
  readonly region: string;
  readonly resources: readonly StackResource[];
}

/** The options of every command about a deployed stage. */
export const stageOptions = { stage: { type: "string" }, port: { type: "string" } } as const;

/** Finds the stage. For `local`, all AWS clients of this process talk to the local cloud from then on. */
export async function findDeployed(values: { stage?: string; port?: string }): Promise<Deployed> {
  const isLocal = values.stage === "local";
  if (isLocal) Object.assign(process.env, instance(portFrom(values.port)).env);
  const stage = isLocal ? stages.local : stageFrom(values.stage);
  const region = await readRegion(process.env);
  if (!region) throw new Failure("No Region is set: `npm run doctor` says how to set it.");
  const name = stackName(stage);
  const resources = await stackResources(new CloudFormationClient({ region }), name).catch((error: Error) => {
    const hint = isLocal ? "start it with `npm start`" : "check credentials, Region and stage";
    throw new Failure(`The resources of ${name} in ${region} could not be listed (${error.message}): ${hint}.`);
  });
  return { stage, region, resources };
}

const find = ({ resources }: Deployed, type: string, prefix: string) =>
  resources.find((one) => one.type === type && new RegExp(`^${prefix}[0-9A-F]{8}$`).test(one.logicalId))?.physicalId;

function required(name: string | undefined, { stage }: Deployed, what: string): string {
  if (name !== undefined) return name;
  throw new Failure(`${stackName(stage)} has no ${what}: deploy this version first.`);
}

/** Returns the name in the account of the resource of this type whose logical id is the prefix and a hash. */
export const resourceName = (deployed: Deployed, type: string, prefix: string) =>
  required(find(deployed, type, prefix), deployed, `${type} ${prefix}`);

/** Returns the stack's own table or, if it has none, the restored one that the setting `tables` names. */
export function tableName(deployed: Deployed, table: string): string {
  const restored: Readonly<Record<string, string>> = { ...deployed.stage.tables };
  const own = find(deployed, "AWS::DynamoDB::GlobalTable", `Tables${table}`);
  return required(own ?? restored[table.toLowerCase()], deployed, `table ${table}`);
}
