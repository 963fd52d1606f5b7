// The attack table as scenarios. Setting the scene takes the longest, so routes share one where they can.

import { type Route, routes } from "../../cdk/routes/index.ts";
import { scenario } from "../support/scenario.ts";
import { anywhere, assail } from "./assail.ts";

/** After these, when they are allowed, rooms, people or messages are not what the rest of the table takes them for. */
const alone = ["join", "leave", "delete", "clear-room", "close-room"];

const holds = (what: string, names: readonly string[]) =>
  scenario(`The attack table holds for ${what}`, names, (stage) => assail(stage, names, anywhere));

const others = (are: (route: Route) => boolean) =>
  routes.filter((route) => are(route) && !alone.includes(route.name)).map(({ name }) => name);

export const scenarios = [
  holds(
    "frames that leave rooms and people where they are",
    others(({ trigger }) => trigger.kind === "webSocket"),
  ),
  holds(
    "connections, and requests that leave rooms open",
    others(({ trigger }) => trigger.kind !== "webSocket"),
  ),
  ...alone.map((name) => holds(name, [name])),
];
