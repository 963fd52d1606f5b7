// Physical ids of the deployed stack's resources in a local cloud.
import { paginateListStackResources } from "@aws-sdk/client-cloudformation";
import { cloudFormation } from "./clients.ts";
import { Failure } from "./failure.ts";
import type { Instance } from "./instance.ts";

export interface Resource {
  readonly type: string;
  readonly logicalId: string;
  readonly physicalId: string;
}

export async function stackResources(at: Instance): Promise<Resource[]> {
  const resources: Resource[] = [];
  for await (const page of paginateListStackResources({ client: cloudFormation(at) }, { StackName: "parlor-local" })) {
    for (const { ResourceType, LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? [])
      resources.push({
        type: ResourceType ?? "",
        logicalId: LogicalResourceId ?? "",
        physicalId: PhysicalResourceId ?? "",
      });
  }
  return resources;
}

/** Returns the physical id of the only resource of this type whose logical id starts with the prefix. */
export function physicalId(resources: readonly Resource[], type: string, prefix: string): string {
  const [found, ...others] = resources.filter(
    (resource) => resource.type === type && resource.logicalId.startsWith(prefix),
  );
  if (!found || others.length > 0)
    throw new Failure(`The stack does not have exactly one ${type} whose logical id starts with ${prefix}.`);
  return found.physicalId;
}
