// What a scenario is: a sentence about behaviour, the routes it exercises, and its steps against a deployed stage.

import { Stage } from "./stage.ts";

export interface Addresses {
  readonly siteUrl: string;
  readonly webSocketUrl: string;
  readonly apiUrl: string;
}

export interface Scenario {
  readonly name: string;
  /** By their names in the route table. */
  readonly routes: readonly string[];
  /** Rejects at the first step that fails; removes what it made either way. */
  run(addresses: Addresses): Promise<void>;
}

export function scenario(name: string, routes: readonly string[], steps: (stage: Stage) => Promise<void>): Scenario {
  return {
    name,
    routes,
    async run(addresses) {
      const stage = new Stage(addresses);
      const [done] = await Promise.allSettled([steps(stage)]);
      const [cleaned] = await Promise.allSettled([stage.cleanUp()]);
      if (done.status === "rejected") throw done.reason;
      if (cleaned.status === "rejected") throw cleaned.reason;
    },
  };
}
