// The route table: what each route is, and everything that it may do. Nothing else in the stack grants a handler anything.
// Functions, roles, environments, integrations and API routes are all derived from it.
import type { Stage } from "./stages.ts";

export interface Route {
  /** Also the Rust file: `handlers/lambda/src/routes/<name>.rs`, with `_` for `-`. */
  readonly name: string;
  readonly trigger: Trigger;
  readonly why: string;
  readonly grants: readonly Grant[];
  /** Whether its answers hold links to rooms, so that it must know the page's address. */
  readonly links?: true;
  /** MB; with 1,769 a function has one processor, and with less as much less of one. */
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

const authorizer: Trigger = { kind: "authorizer" };
const frame = (routeKey: string): Trigger => ({ kind: "webSocket", routeKey });
const get = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "GET", path });
const post = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "POST", path });
const patch = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "PATCH", path });
const remove = (path: `/api/${string}`): Trigger => ({ kind: "http", method: "DELETE", path });

/** A seventh of a processor: enough for the few connections that they open. docs/costs.md has the measurements. */
const small = { memory: 256, timeout: 5 };
const fanOut = { memory: 1_024, timeout: 10 };

const answer: Grant = ["execute-api:ManageConnections", "posts", "answers the one who asked"];
const tell: Grant = ["execute-api:ManageConnections", "posts", "answers, and tells the others in the room"];
const audience: Grant = ["dynamodb:Query", "connections/room", "who is in the room"];
const forget: Grant = ["dynamodb:DeleteItem", "connections/room", "takes connections out that turn out to be gone"];
const checkToken: Grant = ["secretsmanager:GetSecretValue", "tokenKey", "checks the signature of a guest token"];
/** Whether the route must know whose tokens count. */
export const checksTokens = ({ grants }: Route): boolean => grants.includes(checkToken);
const readLog: Grant = ["dynamodb:Query", "messages", "reads the page"];
const readChanged: Grant = ["dynamodb:GetItem", "messages", "messages before the page that changed on it"];
const voidNumber: Grant = ["dynamodb:PutItem", "messages", "voids a number whose send died"];
/** What every frame takes, whatever becomes of it; also those that name `$connect` or `$disconnect` as their action. */
const limited: readonly Grant[] = [
  ["dynamodb:UpdateItem", "limits/frames", "counts the frame"],
  ["dynamodb:UpdateItem", "limits/refusals", "counts that it was refused for want of rate"],
  ["execute-api:ManageConnections", "disconnects", "ends connections that go on after many refusals"],
];
/** What every frame about a room takes. */
const limitedInRoom: readonly Grant[] = [
  ...limited,
  ["dynamodb:UpdateItem", "limits/room", "counts the frame for its person in the room"],
];
const limitOwner: Grant = ["dynamodb:UpdateItem", "limits/owner", "counts what the owner does"];
/** Whether the route must know the rates. */
export const countsRates = ({ grants }: Route): boolean => grants.some(([, on]) => on.startsWith("limits/"));
const nextNumber: Grant = ["dynamodb:UpdateItem", "rooms", "gives out the next number, only while the room is open"];

/** What changing a message takes, whatever is changed. */
const change = {
  grants: [
    ...limitedInRoom,
    ["dynamodb:GetItem", "connections/room", "whether they have joined, and under which name"],
    ["dynamodb:GetItem", "rooms", "the epoch and the owner"],
    ["dynamodb:GetItem", "messages", "the message, and the first answer when this is a retry"],
    nextNumber,
    ["dynamodb:PutItem", "messages", "the event, its marker and the message, or a void"],
    audience,
    forget,
    tell,
  ],
  ...fanOut,
} as const;

/** Whether the route can tell what came through CloudFront. */
const readsEdgeKey = ({ grants }: Route): boolean => grants.some(([, on]) => on === "edgeKey");
const seeViewer: Grant = [
  "secretsmanager:GetSecretValue",
  "edgeKey",
  "whether the request came through CloudFront, whose word for the address then counts",
];
/** What only a stage with a firewall grants, to each route that takes requests from outside. */
const refuseDirect: Grant = ["secretsmanager:GetSecretValue", "edgeKey", "refuses what came past CloudFront"];
/** Whether what it gets is not let in by another route first. */
export const isFromOutside = ({ trigger }: Route): boolean => trigger.kind !== "webSocket";

/** The routes as a stage has them. Frames need no key: their connection had it. */
export function routesOf({ webAclArn }: Stage): readonly Route[] {
  if (webAclArn === undefined) return routes;
  return routes.map((route) => {
    const lacksKey = isFromOutside(route) && !readsEdgeKey(route);
    return lacksKey ? { ...route, grants: [...route.grants, refuseDirect] } : route;
  });
}

export const routes: readonly Route[] = [
  {
    name: "authorize",
    trigger: authorizer,
    why: "Decides who a new connection is, a fresh guest or the bearer of a token, and refuses other sites' pages.",
    grants: [
      checkToken,
      ["dynamodb:UpdateItem", "limits/connects", "counts the connection for its person"],
      ["dynamodb:UpdateItem", "limits/connections", "and for their address"],
      ["dynamodb:UpdateItem", "limits/guests", "counts a new guest"],
      seeViewer,
    ],
    ...small,
  },
  {
    name: "connect",
    trigger: frame("$connect"),
    why: "Accepts a connection and remembers whose it is.",
    grants: [["dynamodb:PutItem", "connections/own", "the connection's own row"], ...limited, answer],
    ...small,
  },
  {
    name: "disconnect",
    trigger: frame("$disconnect"),
    why: "Takes a closed connection out of its rooms and tells the others.",
    grants: [
      ...limited,
      ["dynamodb:DeleteItem", "connections/own", "the connection's own row, with the rooms that it was in"],
      ["dynamodb:DeleteItem", "connections/room", "its rows in these, and those that turn out to be gone"],
      ["dynamodb:Query", "connections/room", "who is still there"],
      ["execute-api:ManageConnections", "posts", "tells the others in the room"],
    ],
    ...fanOut,
  },
  {
    name: "default",
    trigger: frame("$default"),
    why: "Answers frames that no route knows with the documented error.",
    grants: [...limited, answer],
    ...small,
  },
  {
    name: "join",
    trigger: frame("join"),
    why: "Brings a connection into a room, with what it missed, and tells the others.",
    grants: [
      ...limitedInRoom,
      ["dynamodb:GetItem", "rooms", "whether the room is open, and its newest number"],
      ["dynamodb:UpdateItem", "connections/own", "puts the room into the connection's own row or takes it out again"],
      ["dynamodb:GetItem", "connections/own", "the rooms that the connection is in, when these are too many"],
      ["dynamodb:PutItem", "connections/room", "the connection's row in the room"],
      ["dynamodb:UpdateItem", "connections/room", "renames one's other tabs, and notes that the others were told"],
      audience,
      forget,
      readLog,
      readChanged,
      voidNumber,
      tell,
    ],
    ...fanOut,
  },
  {
    name: "leave",
    trigger: frame("leave"),
    why: "Takes a connection out of a room and tells the others.",
    grants: [
      ...limitedInRoom,
      ["dynamodb:UpdateItem", "connections/own", "takes the room out of the connection's own row"],
      [
        "dynamodb:DeleteItem",
        "connections/room",
        "the connection's row in the room, and those that turn out to be gone",
      ],
      audience,
      tell,
    ],
    ...fanOut,
  },
  {
    name: "send",
    trigger: frame("send"),
    why: "Numbers a message, stores it once, posts it to everyone in the room and acknowledges it.",
    grants: [
      ...limitedInRoom,
      nextNumber,
      ["dynamodb:GetItem", "connections/room", "whether the sender has joined, and under which name"],
      ["dynamodb:PutItem", "messages", "the message and its send-once marker, or a void"],
      ["dynamodb:GetItem", "messages", "the first answer, when this is a retry"],
      audience,
      forget,
      tell,
    ],
    ...fanOut,
  },
  {
    name: "edit",
    trigger: frame("edit"),
    why: "Gives somebody's own message another text.",
    ...change,
  },
  {
    name: "delete",
    trigger: frame("delete"),
    why: "Takes the text of a message away, for its author or the room's owner.",
    ...change,
  },
  {
    name: "react",
    trigger: frame("react"),
    why: "Puts an emoji to a message, or takes it away.",
    ...change,
  },
  {
    name: "history",
    trigger: frame("history"),
    why: "Sends a page of a room's log to somebody in the room.",
    grants: [
      ...limitedInRoom,
      ["dynamodb:GetItem", "rooms", "the epoch and the newest number"],
      ["dynamodb:GetItem", "connections/room", "whether the one who asks has joined"],
      readLog,
      readChanged,
      voidNumber,
      answer,
    ],
    ...small,
  },
  {
    name: "typing",
    trigger: frame("typing"),
    why: "Tells the others in a room that somebody is typing.",
    grants: [
      ...limitedInRoom,
      ["dynamodb:GetItem", "connections/room", "whether they have joined, and under which name"],
      audience,
      forget,
      ["execute-api:ManageConnections", "posts", "tells the others in the room"],
    ],
    ...fanOut,
    timeout: 5,
  },
  {
    name: "ping",
    trigger: frame("ping"),
    why: "Renews a connection's leases, says how each of its rooms is now, and removes connections whose lease has ended.",
    grants: [
      ...limited,
      ["dynamodb:GetItem", "connections/own", "the rooms that the connection is in"],
      ["dynamodb:UpdateItem", "connections/room", "renews its lease in each"],
      ["dynamodb:GetItem", "rooms", "the newest number of each"],
      ["dynamodb:UpdateItem", "connections/own", "takes those that it is not in any more out of its own row"],
      ["dynamodb:Query", "connections/room", "who is in each"],
      ["dynamodb:DeleteItem", "connections/room", "takes connections out whose lease has ended"],
      ["execute-api:ManageConnections", "posts", "answers, and names those whose lease has ended to the others"],
    ],
    // It posts to a whole room only where it found an ended lease: more time for that costs nothing, more memory would at each ping.
    ...small,
    timeout: 10,
  },
  {
    name: "create-session",
    trigger: post("/api/sessions"),
    why: "Makes a guest token, with which one stays the same person over reconnects.",
    grants: [
      ["secretsmanager:GetSecretValue", "tokenKey", "signs the guest token"],
      ["dynamodb:UpdateItem", "limits/guests", "counts the guest"],
      seeViewer,
    ],
    ...small,
  },
  {
    name: "get-me",
    trigger: get("/api/me"),
    why: "Tells the bearer of a token whom it proves.",
    grants: [checkToken],
    ...small,
  },
  {
    name: "create-room",
    trigger: post("/api/rooms"),
    why: "Makes a room.",
    grants: [
      checkToken,
      ["dynamodb:UpdateItem", "limits/rooms", "counts the room"],
      ["dynamodb:UpdateItem", "limits/owned", "notes whose it is, who may own only so many"],
      ["dynamodb:GetItem", "limits/owned", "which rooms are theirs, when these are too many"],
      ["dynamodb:PutItem", "rooms", "the room"],
      ["dynamodb:GetItem", "rooms", "which of theirs are over, when these are too many"],
      seeViewer,
    ],
    links: true,
    ...small,
  },
  {
    name: "list-rooms",
    trigger: get("/api/rooms"),
    why: "Lists the open public rooms, most recently active first.",
    grants: [
      ["dynamodb:Query", "rooms/lobby", "the rooms in order"],
      [
        "secretsmanager:GetSecretValue",
        "tokenKey",
        "signs the cursor of the next page, and checks the one that comes back",
      ],
      ["dynamodb:Query", "connections/room", "counts the people in each"],
    ],
    links: true,
    ...small,
  },
  {
    name: "get-room",
    trigger: get("/api/rooms/{roomId}"),
    why: "Describes a room.",
    grants: [
      ["dynamodb:GetItem", "rooms", "the room"],
      ["dynamodb:Query", "connections/room", "counts its people"],
    ],
    links: true,
    ...small,
  },
  {
    name: "list-messages",
    trigger: get("/api/rooms/{roomId}/messages"),
    why: "Answers with a page of a room's log.",
    grants: [["dynamodb:GetItem", "rooms", "the epoch and the newest number"], readLog, readChanged, voidNumber],
    ...small,
  },
  {
    name: "update-room",
    trigger: patch("/api/rooms/{roomId}"),
    why: "Gives a room another name or topic for its owner, and tells everyone in it.",
    grants: [
      checkToken,
      limitOwner,
      ["dynamodb:GetItem", "rooms", "the owner, and the name and topic now"],
      ["dynamodb:UpdateItem", "rooms", "gives out the next number; the name and topic, only for the owner"],
      ["dynamodb:PutItem", "messages", "the notice, or a void"],
      audience,
      forget,
      ["execute-api:ManageConnections", "posts", "tells everyone in the room"],
    ],
    links: true,
    ...fanOut,
  },
  {
    name: "clear-room",
    trigger: remove("/api/rooms/{roomId}/messages"),
    why: "Deletes what was said in a room for its owner, and starts its log anew.",
    grants: [
      checkToken,
      limitOwner,
      ["dynamodb:GetItem", "rooms", "the owner"],
      ["dynamodb:UpdateItem", "rooms", "another epoch, only for the owner; gives out its first number"],
      ["dynamodb:PutItem", "messages", "the notice, or a void; notes that the old log is over"],
      audience,
      forget,
      ["execute-api:ManageConnections", "posts", "tells everyone in the room"],
      ["dynamodb:Query", "messages", "finds the logs that are over, and what is left of them"],
      ["dynamodb:DeleteItem", "messages", "deletes it"],
    ],
    ...fanOut,
    timeout: 29,
  },
  {
    name: "close-room",
    trigger: remove("/api/rooms/{roomId}"),
    why: "Closes a room for its owner: everyone is told, and its messages are deleted.",
    grants: [
      checkToken,
      limitOwner,
      ["dynamodb:GetItem", "rooms", "the owner"],
      ["dynamodb:UpdateItem", "rooms", "gives out the last number; closes the room, only for its owner"],
      ["dynamodb:PutItem", "messages", "the notice, or a void; notes that the log is over"],
      audience,
      ["dynamodb:DeleteItem", "connections/room", "takes everyone out of the room"],
      ["dynamodb:Query", "messages", "finds the logs that are over, and what is left of them"],
      ["dynamodb:DeleteItem", "messages", "deletes it"],
      ["execute-api:ManageConnections", "posts", "tells everyone in the room"],
    ],
    ...fanOut,
    timeout: 29,
  },
];
