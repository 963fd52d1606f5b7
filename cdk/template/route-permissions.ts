// The permissions in the template, by route, each with its reason from the route table.

import type { Route } from "../routes/index.ts";
import { referenced, render, routeFunctions } from "./read.ts";
import type { Template } from "./synthesize.ts";

export interface Permission {
  readonly route: string;
  /** The role's logical id. */
  readonly role: string;
  readonly action: string;
  /** Its ARN, with each reference written as `<logical id>` or `<logical id.attribute>`. */
  readonly resource: string;
  /** The pattern of the partition keys that it is limited to. Undefined if it covers all rows. */
  readonly keys: string | undefined;
  readonly reason: string;
}

/** The inline policy with the grants of a row, in the row's order. */
export const POLICY = "Permissions";

export function permissionsByRoute(template: Template, routes: readonly Route[]): Permission[] {
  const functions = routeFunctions(template);
  return routes.flatMap((route) => {
    const role = referenced(functions.get(route.name)?.resource.Properties.Role);
    const policies = template.Resources[role]?.Properties.Policies as Policy[];
    return policies.flatMap(({ PolicyName, PolicyDocument }) =>
      PolicyDocument.Statement.map(({ Action: action, Resource, Condition }, at) => {
        const reason = PolicyName === POLICY ? (route.grants[at]?.[2] ?? "") : (REASONS[PolicyName] ?? "");
        return { route: route.name, role, action, resource: render(Resource), keys: keysIn(Condition), reason };
      }),
    );
  });
}

/** Why roles have their other policies. */
const REASONS: Readonly<Record<string, string>> = {
  Logs: "writes its log",
  DeadLetters: "keeps the events of which all attempts failed",
  Traces: "sends traces",
};

interface Policy {
  readonly PolicyName: string;
  readonly PolicyDocument: { readonly Statement: readonly Statement<unknown>[] };
}

/** A statement of a route's role. */
export interface Statement<Resource> {
  readonly Action: string;
  readonly Resource: Resource;
  readonly Condition?: Condition;
}

interface Condition {
  readonly "ForAllValues:StringLike"?: { readonly "dynamodb:LeadingKeys": string };
}

/** Returns the pattern of partition keys that a statement's condition requires. */
export const keysIn = (condition?: Condition) => condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"];
