// One cell of the table: somebody tries something.

import type { Stage } from "../support/stage.ts";
import type { Attacker, Known } from "./crowd.ts";
import type { Aim } from "./grounds.ts";
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
