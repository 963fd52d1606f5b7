// Carries out one attack by what triggers its route.

import { routes } from "../../cdk/routes/index.ts";
import type { Attack } from "./attack.ts";
import { byConnecting } from "./connections.ts";
import { byFrame } from "./frames.ts";
import { byRequest } from "./requests.ts";

/** The answer, as the table has it. */
export async function carryOut(attack: Attack): Promise<string> {
  const trigger = routes.find(({ name }) => name === attack.route)?.trigger;
  switch (trigger?.kind) {
    case "authorizer":
      return byConnecting(attack);
    case "webSocket":
      return byFrame(attack);
    case "http":
      return byRequest(attack, trigger);
    case undefined:
      throw new Error(`There is no route ${attack.route}.`);
  }
}
