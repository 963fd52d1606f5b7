// The attack table as scenarios. Setting the scene takes the longest, so routes share one where they can.

import { routes } from "../../cdk/routes.ts";
import { scenario } from "../scenario.ts";
import { anywhere, assail } from "./assail.ts";

/** After these, when they are allowed, rooms, people or messages are not what the rest of the table takes them for. */
const alone = ["join", "leave", "delete", "clear-room", "close-room"];
const together = routes.map(({ name }) => name).filter((name) => !alone.includes(name));

export const scenarios = [
  scenario("The attack table holds for all routes after which rooms and people are as before", together, (stage) =>
    assail(stage, together, anywhere),
  ),
  ...alone.map((name) =>
    scenario(`The attack table holds for ${name}`, [name], (stage) => assail(stage, [name], anywhere)),
  ),
];
