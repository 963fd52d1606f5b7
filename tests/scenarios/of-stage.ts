// Chooses the scenarios that a stage can pass: those whose routes it has, as its page's config.json says.

import { type Capability, isIncluded } from "../../cdk/routes/capabilities.ts";
import type { Addresses } from "../../local/outputs.ts";
import { scenarios as permissions } from "../permissions/index.ts";
import { httpRequest } from "../support/http.ts";
import type { Scenario } from "../support/scenario.ts";

/**
 * Leaves out every scenario that names a route which the stage does without, and the permission matrix if there is any such route:
 * it is tried in rooms of all kinds, for which it uses every capability.
 */
export async function scenariosOf(addresses: Addresses, all: readonly Scenario[]): Promise<readonly Scenario[]> {
  const { body } = await httpRequest(`${addresses.siteUrl}/config.json`);
  const { without = [] } = JSON.parse(body) as { without?: Capability[] };
  return all.filter(
    (each) =>
      each.routes.every((route) => isIncluded(route, without)) && !(without.length > 0 && permissions.includes(each)),
  );
}
