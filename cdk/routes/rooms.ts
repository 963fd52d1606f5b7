// The rooms themselves: creating, listing, describing, updating and closing them.

import { audience, checkToken, forget, limitOwner, seeViewer } from "./grants.ts";
import { fanOut, get, patch, post, type Route, remove, small } from "./route.ts";

export const rooms: readonly Route[] = [
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
