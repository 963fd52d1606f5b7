// The route table: every route with everything its function may do. Functions, roles, environments, integrations and API
// routes are derived from it, and nothing else in the stack grants a handler anything.
import { answersBotsOf, botsOf } from "../bots-setting.ts";
import type { Stage } from "../stages.ts";
import { askBot, bots, routeOfBot } from "./bots.ts";
import { isIncluded } from "./capabilities.ts";
import { connections } from "./connections.ts";
import { conversations } from "./conversations.ts";
import {
  checksTokens,
  countText,
  decidesAccount,
  findAccount,
  isFromOutside,
  readsEdgeKey,
  refuseDirect,
} from "./grants.ts";
import { log } from "./log.ts";
import { moderation } from "./moderation.ts";
import { people } from "./people.ts";
import { presence } from "./presence.ts";
import { reviewGrants } from "./review.ts";
import { rooms } from "./rooms.ts";
import type { Route } from "./route.ts";

export { checksTokens, countsRates, isCallable, isFromOutside } from "./grants.ts";
export type { Action, Grant, Limit, Route, Target, Trigger } from "./route.ts";

export const routes: readonly Route[] = [
  ...connections,
  ...presence,
  ...log,
  ...rooms,
  ...moderation,
  ...bots,
  ...conversations,
  ...people,
];

/**
 * The routes of a stage, except those of capabilities that it leaves out. Only bots have functions that answer for them, which
 * nothing but `send` invokes. Reviewers have grants for the routes that record texts. With an identity provider, every route
 * that verifies tokens also reads whose account it is. With a firewall, every route that takes requests from outside also needs
 * the edge key.
 */
export function routesOf({
  bots: settings = [],
  review,
  signIn,
  webAclArn,
  without,
  countsTexts,
}: Stage): readonly Route[] {
  const hasFiles = answersBotsOf({ bots: settings }).length > 0;
  const others = botsOf({ bots: settings }).filter(({ kind }) => kind !== "answers");
  const existing = routes.filter(({ name }) => isIncluded(name, without) && (hasFiles || name !== "answer"));
  const missing = [...(hasFiles ? [] : ["bots"]), ...(isIncluded("tell-hook", without) ? [] : ["teller"])];
  return [...existing, ...others.flatMap((bot) => routeOfBot(bot) ?? [])].map((route) => {
    const grants = route.grants.filter(([, target]) => !missing.includes(target));
    if (route.name === "send") grants.push(...others.map(({ name }) => askBot(name)));
    if (countsTexts && route.name === "send") grants.push(countText);
    if (review) grants.push(...reviewGrants(route.name, review));
    if (signIn !== undefined && checksTokens(route) && !decidesAccount(route)) grants.push(findAccount);
    if (webAclArn !== undefined && isFromOutside(route) && !readsEdgeKey(route)) grants.push(refuseDirect);
    return { ...route, grants };
  });
}
