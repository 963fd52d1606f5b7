// The part of the permission matrix that needs the key for tokens or leaves rooms behind that nobody can close.

import { isCallable, routes } from "../../../cdk/routes/index.ts";
import { onLocalCloud, runMatrix } from "../../permissions/run-matrix.ts";
import { localScenario } from "./admin.ts";

const all = routes.filter(isCallable).map(({ name }) => name);

export const scenarios = [
  localScenario(
    "The permission matrix holds for forged tokens and for rooms without an owner",
    all,
    async (stage, admin) => runMatrix(stage, all, onLocalCloud, await admin.tokenKey()),
  ),
];
