// What Parlor does for people, as scenarios that run through the client against any deployed stage.

import { scenarios as permissions } from "../permissions/index.ts";
import type { Scenario } from "../support/scenario.ts";
import { scenarios as badInput } from "./bad-input.ts";
import { scenarios as changes } from "./changes.ts";
import { scenarios as edge } from "./edge.ts";
import { scenarios as history } from "./history.ts";
import { scenarios as identity } from "./identity.ts";
import { scenarios as limits } from "./limits.ts";
import { scenarios as presence } from "./presence.ts";
import { scenarios as rooms } from "./rooms.ts";
import { scenarios as site } from "./site.ts";
import { scenarios as talk } from "./talk.ts";

export type { Scenario } from "../support/scenario.ts";

/** Those that may run beside people who talk: none uses up a rate or a throttle. */
export const gentle: readonly Scenario[] = [
  ...site,
  ...talk,
  ...presence,
  ...identity,
  ...edge,
  ...rooms,
  ...history,
  ...changes,
  ...badInput,
  ...permissions,
];

export const scenarios: readonly Scenario[] = [...gentle, ...limits];
