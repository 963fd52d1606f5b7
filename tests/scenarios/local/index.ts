// Rare paths, for which a scene is set in the tables themselves, and tokens that take the key to make: so they run against
// a local cloud only.

import type { Addresses } from "../../../local/outputs.ts";
import type { Scenario } from "../../support/scenario.ts";
import { scenarios as limits } from "./limits.ts";
import { scenarios as log } from "./log.ts";
import { scenarios as permissions } from "./permissions.ts";
import { scenarios as presence } from "./presence.ts";
import { scenarios as rooms } from "./rooms.ts";
import { signInScenarios } from "./sign-in.ts";

export const localScenarios: readonly Scenario[] = [...presence, ...log, ...rooms, ...limits, ...permissions];

/** Those that a local cloud can show: where it trusts no identity provider, nobody signs in. */
export const localScenariosOn = ({ issuer }: Addresses): readonly Scenario[] =>
  issuer === undefined ? localScenarios : [...localScenarios, ...signInScenarios(issuer)];
