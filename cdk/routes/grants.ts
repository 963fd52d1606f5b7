// Grants that several routes share, and what can be told from a route's grants.
import type { Grant, Route } from "./route.ts";

export const answer: Grant = ["execute-api:ManageConnections", "posts", "answers the one who asked"];
export const tell: Grant = ["execute-api:ManageConnections", "posts", "answers, and tells the others in the room"];
export const audience: Grant = ["dynamodb:Query", "connections/room", "who is in the room"];
export const forget: Grant = [
  "dynamodb:DeleteItem",
  "connections/room",
  "takes connections out that turn out to be gone",
];
export const checkToken: Grant = ["secretsmanager:GetSecretValue", "tokenKey", "checks the signature of a guest token"];
/** Whether the route must know whose tokens count. */
export const checksTokens = ({ grants }: Route): boolean => grants.includes(checkToken);
export const readLog: Grant = ["dynamodb:Query", "messages", "reads the page"];
export const readChanged: Grant = ["dynamodb:GetItem", "messages", "messages before the page that changed on it"];
export const voidNumber: Grant = ["dynamodb:PutItem", "messages", "voids a number whose send died"];
/** What every frame takes, whatever becomes of it; also those that name `$connect` or `$disconnect` as their action. */
export const limited: readonly Grant[] = [
  ["dynamodb:UpdateItem", "limits/frames", "counts the frame"],
  ["dynamodb:UpdateItem", "limits/refusals", "counts that it was refused for want of rate"],
  ["execute-api:ManageConnections", "disconnects", "ends connections that go on after many refusals"],
];
/** What every frame about a room takes. */
export const limitedInRoom: readonly Grant[] = [
  ...limited,
  ["dynamodb:UpdateItem", "limits/room", "counts the frame for its person in the room"],
];
export const limitOwner: Grant = ["dynamodb:UpdateItem", "limits/owner", "counts what the owner does"];
/** Whether the route must know the rates. */
export const countsRates = ({ grants }: Route): boolean => grants.some(([, on]) => on.startsWith("limits/"));
export const nextNumber: Grant = [
  "dynamodb:UpdateItem",
  "rooms",
  "gives out the next number, only while the room is open",
];
/** Whether the route can tell what came through CloudFront. */
export const readsEdgeKey = ({ grants }: Route): boolean => grants.some(([, on]) => on === "edgeKey");
export const seeViewer: Grant = [
  "secretsmanager:GetSecretValue",
  "edgeKey",
  "whether the request came through CloudFront, whose word for the address then counts",
];
/** What only a stage with a firewall grants, to each route that takes requests from outside. */
export const refuseDirect: Grant = ["secretsmanager:GetSecretValue", "edgeKey", "refuses what came past CloudFront"];
/** Whether what it gets is not let in by another route first. */
export const isFromOutside = ({ trigger }: Route): boolean => trigger.kind !== "webSocket";
