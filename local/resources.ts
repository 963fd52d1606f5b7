// What the deployed stack's resources are called in a local cloud.
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

/** The physical id of the one resource whose logical id begins so. */
export function physicalId(resources: readonly Resource[], type: string, prefix: string): string {
  const [found, ...others] = resources.filter(
    (resource) => resource.type === type && resource.logicalId.startsWith(prefix),
  );
  if (!found || others.length > 0) throw new Failure(`The stack has not one ${type} whose name begins with ${prefix}.`);
  return found.physicalId;
}
