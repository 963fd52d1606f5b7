// A local cloud in which grants can be removed, one at a time, while scenarios run.
import type { Route } from "../../cdk/routes/index.ts";
import type { Instance } from "../../local/instance.ts";
import type { Addresses } from "../../local/outputs.ts";
import { stackResources } from "../../local/resources.ts";
import { type Decision, DecisionLog, type RoleStatement } from "./decisions.ts";
import { RolePolicy } from "./role-policy.ts";

/** A grant by its place in the route table. */
export interface GrantRef {
  readonly route: string;
  readonly index: number;
}

export interface Cloud {
  readonly addresses: Addresses;
  /** The statement that a grant becomes in this cloud: names of roles and tables differ between clouds. */
  statement(grant: GrantRef): RoleStatement;
  remove(grant: GrantRef): Promise<void>;
  restore(grant: GrantRef): Promise<void>;
  /** Returns the decisions since the last call. */
  decisions(): Promise<Decision[]>;
}

/** Opens a running local cloud that reports its decisions. */
export async function openCloud(at: Instance, addresses: Addresses, routes: readonly Route[]): Promise<Cloud> {
  const resources = await stackResources(at);
  const policies = new Map<string, RolePolicy>();
  for (const route of routes) {
    const policy = await RolePolicy.read(at, resources, route);
    const deployed = policy.statements.map(({ action }) => action);
    if (deployed.join() !== route.grants.map(([action]) => action).join())
      throw new Error(`The role of ${route.name} differs from its row: deploy first.`);
    policies.set(route.name, policy);
  }
  const log = await DecisionLog.open(at);
  const policyOf = ({ route }: GrantRef) => {
    const policy = policies.get(route);
    if (!policy) throw new Error(`There is no route ${route}.`);
    return policy;
  };
  return {
    addresses,
    statement: (grant) => {
      const statement = policyOf(grant).statements[grant.index];
      if (!statement) throw new Error(`${grant.route} has no grant ${grant.index}.`);
      return statement;
    },
    remove: (grant) => policyOf(grant).remove(grant.index),
    restore: (grant) => policyOf(grant).restore(),
    decisions: () => log.next(),
  };
}
