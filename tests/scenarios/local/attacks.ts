// The part of the attack table that takes the key of the tokens, or leaves behind rooms that nobody can close.

import { routes } from "../../../cdk/routes/index.ts";
import { assail, locally } from "../../permissions/assail.ts";
import { localScenario } from "./scene.ts";

const all = routes.map(({ name }) => name);

export const scenarios = [
  localScenario("The attack table holds for forged tokens and for rooms that nobody owns", all, async (stage, scene) =>
    assail(stage, all, locally, await scene.tokenKey()),
  ),
];
