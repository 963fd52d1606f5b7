// Grants that several routes share, and predicates that read a route's grants.
import type { Grant, Route } from "./route.ts";

export const answerCaller: Grant = ["execute-api:ManageConnections", "posts", "answers the caller"];
export const notifyRoom: Grant = ["execute-api:ManageConnections", "posts", "notifies the room"];
export const answerAndNotify: Grant = [
  "execute-api:ManageConnections",
  "posts",
  "answers the caller and notifies the room",
];

export const readAudience: Grant = ["dynamodb:Query", "connections/room", "reads who is in the room"];
export const deleteGone: Grant = ["dynamodb:DeleteItem", "connections/room", "deletes connections that are gone"];
export const readOccupant: Grant = ["dynamodb:GetItem", "connections/room", "reads the caller's row in the room"];

/** Every frame needs these, including frames that name `$connect` or `$disconnect` as their action. */
export const countFrame: readonly Grant[] = [
  ["dynamodb:UpdateItem", "limits/frames", "counts the frame for its connection"],
  ["dynamodb:UpdateItem", "limits/refusals", "counts refusals with rateLimited"],
  ["execute-api:ManageConnections", "disconnects", "disconnects clients after too many refusals"],
];
/** Every frame about a room needs these. */
export const countFrameInRoom: readonly Grant[] = [
  ...countFrame,
  ["dynamodb:UpdateItem", "limits/room", "counts the frame for its person in the room"],
];
/** Of `send`, in stages that count it. */
export const countText: Grant = [
  "dynamodb:UpdateItem",
  "limits/text",
  "counts in how many rooms a person says the same",
];
export const countOwner: Grant = [
  "dynamodb:UpdateItem",
  "limits/owner",
  "counts the request or the frame for its person",
];

/** Whether the route's function needs the stage's rates. */
export const countsRates = ({ grants }: Route): boolean => grants.some(([, target]) => target.startsWith("limits/"));

export const readRoster: Grant = ["dynamodb:Query", "members/roster", "reads who is a member of the conversation"];
export const readMembership: Grant = [
  "dynamodb:GetItem",
  "members/roster",
  "checks that the caller is a member of the conversation",
];
/** For routes that post to the members of a conversation. */
export const findListeners: readonly Grant[] = [
  ["dynamodb:Query", "connections/person", "reads the members' connections"],
  ["dynamodb:DeleteItem", "connections/person", "deletes members' connections that are gone"],
];
/** For HTTP routes, which have no other grant to post. */
export const postToMembers: readonly Grant[] = [
  ...findListeners,
  ["execute-api:ManageConnections", "posts", "posts to the members"],
];
export const findByHandle: Grant = ["dynamodb:GetItem", "people/handle", "finds people by their handles"];
/** For routes that find people by handle or id. */
export const findPeople: readonly Grant[] = [
  findByHandle,
  ["dynamodb:GetItem", "people/person", "finds the name of a person who is not connected"],
];
/** For routes that add people to a conversation, at first or later. */
export const addMembers: readonly Grant[] = [
  ["dynamodb:PutItem", "members/roster", "adds the members"],
  ["dynamodb:PutItem", "members/list", "adds the conversation to their lists"],
];
/** For routes of frames that are about a room or a conversation, and post to those in it. */
export const inConversation: readonly Grant[] = [readRoster, ...findListeners];

/** For routes that must know whether a room's moderators decided something about a person. */
export const readStatus: Grant = ["dynamodb:GetItem", "members/status", "reads what moderators decided about a person"];
/** For routes that write in rooms. */
export const countSlowMode: Grant = ["dynamodb:UpdateItem", "limits/slow", "counts messages in rooms in slow mode"];
export const drawNumber: Grant = ["dynamodb:UpdateItem", "rooms", "draws the next number, only while the room is open"];
export const readLogHead: Grant = ["dynamodb:GetItem", "rooms", "reads the epoch and the latest number"];
export const readLogPage: Grant = ["dynamodb:Query", "messages", "reads the log page"];
export const readChanged: Grant = [
  "dynamodb:GetItem",
  "messages",
  "reads earlier messages that changed on this log page",
];
export const voidNumber: Grant = ["dynamodb:PutItem", "messages", "voids a number whose request failed"];

export const checkToken: Grant = ["secretsmanager:GetSecretValue", "tokenKey", "verifies the guest token"];
/** Whether the route's function verifies tokens, so that it needs the identity provider. */
export const checksTokens = ({ grants }: Route): boolean => grants.includes(checkToken);

/** Only in a stage with an identity provider, for each route that verifies tokens. */
export const findAccount: Grant = [
  "dynamodb:UpdateItem",
  "people/account",
  "reads which person an account is, and decides it the first time",
];
export const decidesAccount = ({ grants }: Route): boolean =>
  grants.some(([action, target]) => action === findAccount[0] && target === findAccount[1]);

export const trustViewerAddress: Grant = [
  "secretsmanager:GetSecretValue",
  "edgeKey",
  "checks that the request came through CloudFront, which vouches for the client's address",
];
/** Only in a stage with a firewall, for each route that takes requests from outside. */
export const refuseDirect: Grant = [
  "secretsmanager:GetSecretValue",
  "edgeKey",
  "refuses requests that bypass CloudFront",
];
export const readsEdgeKey = ({ grants }: Route): boolean => grants.some(([, target]) => target === "edgeKey");
/** Whether requests reach the route without passing another route first. Frames pass `authorize` when they connect. */
export const isFromOutside = ({ trigger }: Route): boolean => trigger.kind === "http" || trigger.kind === "authorizer";

/** Whether somebody outside the stage reaches the route, if only through the gateway. */
export const isCallable = ({ trigger }: Route): boolean => trigger.kind !== "schedule" && trigger.kind !== "invocation";

export const releaseClaims: Grant = [
  "dynamodb:UpdateItem",
  "members/claims",
  "releases the connection's seats and names",
];
/** For routes that end an occupant's stay. */
export const recordOwnerLeft: readonly Grant[] = [
  ["dynamodb:GetItem", "rooms", "reads how long the room outlasts its owner's absence, if its owner left"],
  ["dynamodb:UpdateItem", "rooms", "starts the time that the room has left without its owner"],
];
