// A deployed stack: what is in it, why it failed, and how it is deleted.
import { setTimeout } from "node:timers/promises";
import {
  type CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
  type StackEvent,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import { Failure } from "../../local/failure.ts";
import { stackStatus } from "./account.ts";

export interface StackResource {
  readonly type: string;
  readonly logicalId: string;
  /** The name or ARN in the account. */
  readonly physicalId: string;
  /** Whether it stays in the account when the stack is deleted. */
  readonly retained: boolean;
}

const POLL_MS = 2_000;

export async function describeStack(client: CloudFormationClient, name: string) {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
  const { StackId: id = name, EnableTerminationProtection: isProtected = false, Outputs = [] } = Stacks?.[0] ?? {};
  return { id, isProtected, outputs: Outputs };
}

/** Returns the resources that exist. */
export async function stackResources(client: CloudFormationClient, name: string): Promise<StackResource[]> {
  const { TemplateBody = "{}" } = await client.send(new GetTemplateCommand({ StackName: name }));
  const inTemplate: Record<string, { DeletionPolicy?: string }> = JSON.parse(TemplateBody).Resources ?? {};
  const resources: StackResource[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: name })) {
    for (const summary of StackResourceSummaries) {
      const { ResourceType: type = "", LogicalResourceId: logicalId = "", PhysicalResourceId: physicalId } = summary;
      if (!physicalId || summary.ResourceStatus === "DELETE_COMPLETE") continue;
      const policy = inTemplate[logicalId]?.DeletionPolicy ?? "Delete";
      resources.push({ type, logicalId, physicalId, retained: policy.startsWith("Retain") });
    }
  }
  return resources;
}

/** Returns the events of the latest deployment or deletion, newest first. */
async function latestEvents(client: CloudFormationClient, stackId: string): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: stackId })) {
    for (const event of StackEvents) {
      events.push(event);
      const isOfStack = event.PhysicalResourceId === event.StackId;
      if (isOfStack && /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(event.ResourceStatus ?? "")) return events;
    }
  }
  return events;
}

/** Returns one sentence per resource that failed, oldest first. */
export async function failures(client: CloudFormationClient, stackId: string): Promise<string[]> {
  return describeFailures(await latestEvents(client, stackId));
}

/** Returns the retained resources that the latest deployment or deletion left in the account. */
export async function leftBehind(client: CloudFormationClient, stackId: string): Promise<string[]> {
  return (await latestEvents(client, stackId))
    .filter(({ ResourceStatus }) => ResourceStatus === "DELETE_SKIPPED")
    .map(({ ResourceType, PhysicalResourceId }) => `${ResourceType} ${PhysicalResourceId}`)
    .reverse();
}

/** Takes events, newest first. Leaves out resources that were only cancelled because another failed. */
export function describeFailures(events: readonly StackEvent[]): string[] {
  return events
    .filter(({ ResourceStatus, PhysicalResourceId, StackId }) => {
      return ResourceStatus?.endsWith("_FAILED") && PhysicalResourceId !== StackId;
    })
    .filter(({ ResourceStatusReason: reason = "" }) => !/^Resource \w+ cancelled/.test(reason))
    .map(({ ResourceType, LogicalResourceId, ResourceStatusReason: reason = "no reason given" }) => {
      const advice = advices.find(({ about }) => about.test(reason))?.advice;
      return `${ResourceType} ${LogicalResourceId}: ${reason}${advice ? `\n  → ${advice}` : ""}`;
    })
    .reverse();
}

/** What to do about errors that an account's first deployment is known for. */
const advices = [
  {
    about: /account must be verified/i,
    advice: "AWS has to verify the account for CloudFront: open a case with AWS Support, then deploy again.",
  },
  {
    about: /CloudWatch Logs role ARN must be set/i,
    advice: "Give API Gateway its CloudWatch role (API Gateway → Settings), or turn webSocketAccessLogs off.",
  },
  {
    about: /UnreservedConcurrentExecution/i,
    advice: "Lower or remove reservedConcurrency in cdk/stages.ts, or request a higher quota of concurrency.",
  },
];

/** Allows a stack that keeps its data to be deleted. */
export const unprotect = (client: CloudFormationClient, name: string) =>
  client.send(new UpdateTerminationProtectionCommand({ StackName: name, EnableTerminationProtection: false }));

/** Deletes a stack and waits until it is gone. */
export async function deleteStack(
  client: CloudFormationClient,
  name: string,
  onLine: (line: string) => void,
): Promise<void> {
  // A deleted stack is found by its id only.
  const { id } = await describeStack(client, name);
  await client.send(new DeleteStackCommand({ StackName: id }));
  const seen = new Set<string>();
  for (;;) {
    const status = await stackStatus(client, id);
    if (status === undefined || status === "DELETE_COMPLETE") return;
    for (const { EventId = "", ResourceStatus, LogicalResourceId } of (await latestEvents(client, id)).reverse()) {
      if (!seen.has(EventId)) onLine(`${ResourceStatus} ${LogicalResourceId}`);
      seen.add(EventId);
    }
    if (status === "DELETE_FAILED") {
      const reasons = (await failures(client, id)).join("\n");
      throw new Failure(
        `${name} could not be deleted completely:\n${reasons}\nSolve that, then run the command again.`,
      );
    }
    await setTimeout(POLL_MS);
  }
}
