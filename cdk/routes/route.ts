// What a route is: one row of the route table. Functions, roles, environments, integrations and API routes are derived from it.

export interface Route {
  /** Also the name of its line in `handlers/lambda/src/routes/mod.rs`. */
  readonly name: string;
  readonly trigger: Trigger;
  readonly why: string;
  readonly grants: readonly Grant[];
  /** Whether its answers contain links to rooms, so that it needs the page's address. */
  readonly links?: true;
  /** MB. A function with 1,769 MB has one processor; with less, a proportional share. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
}

export type Trigger =
  | { readonly kind: "authorizer" }
  | { readonly kind: "webSocket"; readonly routeKey: string }
  | { readonly kind: "http"; readonly method: "GET" | "POST" | "PATCH" | "DELETE"; readonly path: `/api/${string}` };

export type Grant = readonly [action: Action, on: Target, why: string];

export type Action =
  | `dynamodb:${"GetItem" | "Query" | "PutItem" | "UpdateItem" | "DeleteItem"}`
  | "execute-api:ManageConnections"
  | "secretsmanager:GetSecretValue";

/** What can be granted on; `targets.ts` knows the ARN of each. Of tables with several kinds of rows only one kind each. */
export type Target =
  | "rooms"
  | "rooms/lobby"
  | "connections/own"
  | "connections/room"
  | "messages"
  | `limits/${Limit}`
  | "posts"
  | "disconnects"
  | "tokenKey"
  | "edgeKey";

/** The kinds of rows in the table of limits, by how their keys begin. */
export type Limit =
  | "frames"
  | "room"
  | "refusals"
  | "owner"
  | "connects"
  | "connections"
  | "guests"
  | "rooms"
  | "owned";

export const authorizer: Trigger = { kind: "authorizer" };
export const frame = (routeKey: string): Trigger => ({ kind: "webSocket", routeKey });
export const get = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "GET", path });
export const post = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "POST", path });
export const patch = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "PATCH", path });
export const remove = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "DELETE", path });

/** For routes that open few connections: a seventh of a processor is enough. docs/costs.md has the measurements. */
export const small = { memory: 256, timeout: 5 };
/** For routes that post to every connection in a room. */
export const fanOut = { memory: 1_024, timeout: 10 };
