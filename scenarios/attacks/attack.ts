// One cell of the table: somebody tries something.

import { routes } from "../../cdk/routes.ts";
import type { Stage } from "../stage.ts";
import { byConnecting } from "./connections.ts";
import type { Attacker, Known } from "./crowd.ts";
import { byFrame } from "./frames.ts";
import type { Aim } from "./grounds.ts";
import { byRequest } from "./requests.ts";
import type { Target } from "./table.ts";

export interface Attack {
  readonly stage: Stage;
  readonly route: string;
  readonly on: Target;
  readonly aim: Aim;
  readonly attacker: Attacker;
  /** Somebody else, who is in the room that is attacked. */
  readonly witness: Known;
}

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
