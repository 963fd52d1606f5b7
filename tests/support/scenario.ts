// A scenario: a sentence about behavior, the routes it exercises, and its steps against a deployed stage.

import type { Addresses } from "../../local/outputs.ts";
import { Stage } from "./stage.ts";

export interface Scenario {
  readonly name: string;
  /** Names from the route table. */
  readonly routes: readonly string[];
  /** Rejects at the first step that fails, or when aborted. Cleans up in every case. */
  run(addresses: Addresses, signal?: AbortSignal): Promise<void>;
}

export function scenario(name: string, routes: readonly string[], steps: (stage: Stage) => Promise<void>): Scenario {
  return {
    name,
    routes,
    async run(addresses, signal) {
      const stage = new Stage(addresses);
      const [done] = await Promise.allSettled([Promise.race([steps(stage), aborted(signal)])]);
      const [cleaned] = await Promise.allSettled([stage.cleanUp()]);
      if (done.status === "rejected") throw done.reason;
      if (cleaned.status === "rejected") throw cleaned.reason;
    },
  };
}

/** Rejects when the signal aborts, and never resolves. */
function aborted(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}
