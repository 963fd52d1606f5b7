// The life of a connection: opening and closing it, and frames with an unknown action.
import {
  answerCaller,
  checkToken,
  countFrame,
  notifyRoom,
  recordOwnerLeft,
  releaseClaims,
  trustViewerAddress,
} from "./grants.ts";
import { authorizer, fanOut, frame, type Route, small } from "./route.ts";

export const connections: readonly Route[] = [
  {
    name: "authorize",
    trigger: authorizer,
    description: "Identifies a new connection as a token's person or a new guest, and refuses pages of other sites.",
    grants: [
      checkToken,
      ["dynamodb:UpdateItem", "limits/connects", "counts the connection for its person"],
      ["dynamodb:UpdateItem", "limits/connections", "counts the connection for its address"],
      ["dynamodb:UpdateItem", "limits/guests", "counts the new guest for their address"],
      trustViewerAddress,
    ],
    ...small,
  },
  {
    name: "connect",
    trigger: frame("$connect"),
    description: "Accepts a connection and stores whose it is.",
    grants: [
      ["dynamodb:PutItem", "connections/own", "stores the connection's own row"],
      ["dynamodb:PutItem", "connections/person", "stores it among its person's connections"],
      ["dynamodb:Query", "connections/person", "counts its person's connections"],
      ["dynamodb:DeleteItem", "connections/own", "removes it again if its person has too many"],
      [
        "dynamodb:DeleteItem",
        "connections/person",
        "removes it again if its person has too many, or those that are gone",
      ],
      ["execute-api:ManageConnections", "probes", "finds out which are gone if its person has too many"],
      ...countFrame,
      answerCaller,
    ],
    ...small,
  },
  {
    name: "disconnect",
    trigger: frame("$disconnect"),
    description: "Removes a closed connection from its rooms and notifies the others there.",
    grants: [
      ...countFrame,
      ["dynamodb:DeleteItem", "connections/own", "deletes the connection's own row and reads its rooms from it"],
      ["dynamodb:DeleteItem", "connections/person", "deletes it from its person's connections"],
      ["dynamodb:DeleteItem", "connections/room", "deletes its rows in those rooms, and connections that are gone"],
      ["dynamodb:Query", "connections/room", "reads who is left in each room"],
      releaseClaims,
      ...recordOwnerLeft,
      ["dynamodb:DeleteItem", "people/handle", "releases the handle of a guest without a token"],
      ["dynamodb:DeleteItem", "people/person", "forgets the guest"],
      notifyRoom,
    ],
    ...fanOut,
  },
  {
    name: "default",
    trigger: frame("$default"),
    description: "Answers frames with an unknown action with an error.",
    grants: [...countFrame, answerCaller],
    ...small,
  },
];
