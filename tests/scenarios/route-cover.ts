// A small set of scenarios that uses every route.

import { routes } from "../../cdk/routes/index.ts";
import { scenarios as permissions } from "../permissions/index.ts";
import type { Scenario } from "../support/scenario.ts";
import { smokeScenarios } from "./index.ts";
import { scenarios as invalidInput } from "./invalid-input.ts";

/** Routes that succeed say more than routes that refuse: `invalidInput` covers only what is left. */
const ordinary = smokeScenarios.filter((each) => !permissions.includes(each) && !invalidInput.includes(each));

/** Greedy: picks the scenario with the most routes that none before it uses, and so on. */
export function routeCover(): Scenario[] {
  const missing = new Set(routes.map(({ name }) => name));
  const cover: Scenario[] = [];
  const gain = (scenario: Scenario) => scenario.routes.filter((name) => missing.has(name)).length;
  for (const scenarios of [ordinary, invalidInput]) {
    for (;;) {
      const best = scenarios.reduce((a, b) => (gain(b) > gain(a) ? b : a));
      if (gain(best) === 0) break;
      cover.push(best);
      for (const name of best.routes) missing.delete(name);
    }
  }
  if (missing.size > 0) throw new Error(`No scenario uses ${[...missing].join(", ")}.`);
  return cover;
}
