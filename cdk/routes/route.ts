// The types of the route table, and short ways to write a row's trigger, memory and timeout.

/** One row of the route table: one trigger, one Lambda function, one role. */
export interface Route {
  /** Also the name of its line in `handlers/lambda/src/routes/mod.rs`. */
  readonly name: string;
  readonly trigger: Trigger;
  /** The Lambda function's description. */
  readonly description: string;
  readonly grants: readonly Grant[];
  /** Set if answers contain links to rooms: the function then gets the page's address. */
  readonly links?: true;
  /** MB. A function with 1,769 MB has one processor; with less, a proportional share. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
}

export type Trigger =
  | { readonly kind: "authorizer" }
  | { readonly kind: "webSocket"; readonly routeKey: string }
  | { readonly kind: "schedule"; readonly minutes: number }
  /** Another route invokes it asynchronously. */
  | { readonly kind: "invocation" }
  | {
      readonly kind: "http";
      readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
      readonly path: `/api/${string}`;
    };

export type Grant = readonly [action: Action, target: Target, reason: string];

export type Action =
  | `dynamodb:${"GetItem" | "BatchGetItem" | "Query" | "PutItem" | "UpdateItem" | "DeleteItem"}`
  | "execute-api:ManageConnections"
  | "secretsmanager:GetSecretValue"
  | "lambda:InvokeFunction"
  | "lex:RecognizeText"
  | "bedrock:InvokeModelWithResponseStream"
  | "bedrock:ApplyGuardrail";

/** What a grant applies to; `targets.ts` has the ARN of each. In a table with several kinds of rows, a target is one kind. */
export type Target =
  | "rooms"
  | "rooms/lobby"
  | "rooms/expiring"
  | "connections/own"
  | "connections/room"
  | "connections/person"
  | "messages"
  | "members/password"
  | "members/claims"
  | "members/roster"
  | "members/list"
  | "members/visits"
  | "members/status"
  | "members/audit"
  | "members/addresses"
  | "members/reports"
  | "members/held"
  | "people/person"
  | "people/handle"
  | "people/account"
  | `limits/${Limit}`
  | `limits/tokens/${string}`
  | "posts"
  | "probes"
  | "disconnects"
  | "bots"
  | "teller"
  | `bots/${string}`
  | `lex/${string}`
  | `bedrock/${string}`
  | "reviewer"
  | "guardrail"
  | "tokenKey"
  | "edgeKey";

/** The kinds of rows in the table Limits: the prefixes of their keys. */
export type Limit =
  | "frames"
  | "room"
  | "refusals"
  | "owner"
  | "connects"
  | "connections"
  | "guests"
  | "rooms"
  | "owned"
  | "passwords"
  | "lookups"
  | "slow"
  | "text";

export const authorizer: Trigger = { kind: "authorizer" };
export const frame = (routeKey: string): Trigger => ({ kind: "webSocket", routeKey });
export const everyMinute: Trigger = { kind: "schedule", minutes: 1 };
export const invocation: Trigger = { kind: "invocation" };
export const get = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "GET", path });
export const post = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "POST", path });
export const put = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "PUT", path });
export const patch = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "PATCH", path });
export const remove = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "DELETE", path });

/** For functions that open few connections: a seventh of a processor is enough. docs/costs.md has the measurements. */
export const small = { memory: 256, timeout: 5 };
/** For functions that post to a whole room. */
export const fanOut = { memory: 1_024, timeout: 10 };
