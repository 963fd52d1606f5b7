// One cell of the permission matrix: an actor uses a route on a target.

import type { Stage } from "../support/stage.ts";
import type { Actor, GuestActor } from "./actors.ts";
import type { Params } from "./fixtures.ts";
import type { Target } from "./matrix.ts";

export interface Cell {
  readonly stage: Stage;
  readonly route: string;
  readonly target: Target;
  readonly params: Params;
  readonly actor: Actor;
  /** Another person in the same room. */
  readonly witness: GuestActor;
}
