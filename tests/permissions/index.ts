// The permission matrix as scenarios. Creating the fixtures takes longest, so routes share a scenario where they can.

import { isFromOutside, type Route, routes } from "../../cdk/routes/index.ts";
import { scenario } from "../support/scenario.ts";
import { onAnyStage, runMatrix } from "./run-matrix.ts";

/** Where allowed, these routes change the fixtures that other rows rely on. */
const separate = ["join", "leave", "delete", "clear-room", "close-room", "remove-member"];

const matrixScenario = (what: string, names: readonly string[]) =>
  scenario(`The permission matrix holds for ${what}`, names, (stage) => runMatrix(stage, names, onAnyStage));

const shared = (filter: (route: Route) => boolean) =>
  routes.filter((route) => filter(route) && !separate.includes(route.name)).map(({ name }) => name);

export const scenarios = [
  matrixScenario(
    "frames that change neither rooms nor occupants",
    shared(({ trigger }) => trigger.kind === "webSocket"),
  ),
  matrixScenario("connections, and requests that leave rooms open", shared(isFromOutside)),
  ...separate.map((name) => matrixScenario(name, [name])),
];
