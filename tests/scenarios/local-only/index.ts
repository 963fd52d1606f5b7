// Scenarios that only a local cloud can run: they write rows to its tables, or need its keys to sign tokens.

import type { Addresses } from "../../../local/outputs.ts";
import type { Scenario } from "../../support/scenario.ts";
import { scenarios as accounts } from "./accounts.ts";
import { scenarios as bots } from "./bots.ts";
import { scenarios as conversations } from "./conversations.ts";
import { scenarios as ending } from "./ending.ts";
import { scenarios as handles } from "./handles.ts";
import { scenarios as limits } from "./limits.ts";
import { scenarios as permissions } from "./permissions.ts";
import { scenarios as presence } from "./presence.ts";
import { scenarios as roomLimit } from "./room-limit.ts";
import { scenarios as signIn } from "./sign-in.ts";
import { scenarios as told } from "./told.ts";
import { scenarios as voids } from "./voids.ts";

/** Those that need no identity provider. */
export const localScenarios: readonly Scenario[] = [
  ...presence,
  ...ending,
  ...conversations,
  ...voids,
  ...handles,
  ...roomLimit,
  ...bots,
  ...told,
  ...limits,
  ...permissions,
];

/** Those that need the identity provider that the local cloud trusts, if any. */
const signInScenarios: readonly Scenario[] = [...signIn, ...accounts];

/** All that this local cloud can run. */
export const localScenariosOn = ({ issuer }: Pick<Addresses, "issuer">): readonly Scenario[] =>
  issuer === undefined ? localScenarios : [...localScenarios, ...signInScenarios];
