// The route table: what each route is, and everything that it may do. Nothing else in the stack grants a handler anything.
import type { Stage } from "../stages.ts";
import { connections } from "./connections.ts";
import { isFromOutside, readsEdgeKey, refuseDirect } from "./grants.ts";
import { log } from "./log.ts";
import { people } from "./people.ts";
import { presence } from "./presence.ts";
import { rooms } from "./rooms.ts";
import type { Route } from "./route.ts";

export { checksTokens, countsRates, isFromOutside } from "./grants.ts";
export type { Action, Grant, Limit, Route, Target, Trigger } from "./route.ts";

export const routes: readonly Route[] = [...connections, ...presence, ...log, ...rooms, ...people];

/** The routes as a stage has them. Frames need no key: their connection had it. */
export function routesOf({ webAclArn }: Stage): readonly Route[] {
  if (webAclArn === undefined) return routes;
  return routes.map((route) => {
    const lacksKey = isFromOutside(route) && !readsEdgeKey(route);
    return lacksKey ? { ...route, grants: [...route.grants, refuseDirect] } : route;
  });
}
