// The life of a connection: who it is, that it exists, and frames that name no known action.

import { answer, checkToken, limited, seeViewer } from "./grants.ts";
import { authorizer, fanOut, frame, type Route, small } from "./route.ts";

export const connections: readonly Route[] = [
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
];
