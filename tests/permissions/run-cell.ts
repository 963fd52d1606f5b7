// Runs one cell through the trigger of its route.

import { routes } from "../../cdk/routes/index.ts";
import type { Cell } from "./cell.ts";
import { connect } from "./connect.ts";
import { sendFrame } from "./frame.ts";
import { sendRequest } from "./request.ts";

/** Returns the answer as the permission matrix writes it. */
export async function runCell(cell: Cell): Promise<string> {
  const trigger = routes.find(({ name }) => name === cell.route)?.trigger;
  switch (trigger?.kind) {
    case "authorizer":
      return connect(cell);
    case "webSocket":
      return sendFrame(cell);
    case "http":
      return sendRequest(cell, trigger);
    case "schedule":
    case "invocation":
      throw new Error(`Nobody can call ${cell.route}.`);
    case undefined:
      throw new Error(`There is no route ${cell.route}.`);
  }
}
