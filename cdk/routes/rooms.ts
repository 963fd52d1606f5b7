// Rooms: creating, listing, describing, updating and closing them.
import { checkToken, countOwner, deleteGone, notifyRoom, readAudience, trustViewerAddress } from "./grants.ts";
import { fanOut, get, patch, post, type Route, remove, small } from "./route.ts";

export const rooms: readonly Route[] = [
  {
    name: "create-room",
    trigger: post("/api/rooms"),
    description: "Creates a room.",
    grants: [
      checkToken,
      ["dynamodb:UpdateItem", "limits/rooms", "counts the room for the caller's address"],
      ["dynamodb:UpdateItem", "limits/owned", "adds the room to its owner's rooms, whose number is limited"],
      ["dynamodb:GetItem", "limits/owned", "lists the owner's rooms if there are too many"],
      ["dynamodb:PutItem", "rooms", "stores the room"],
      ["dynamodb:GetItem", "rooms", "finds the owner's rooms that are over, if there are too many"],
      trustViewerAddress,
    ],
    links: true,
    ...small,
  },
  {
    name: "list-rooms",
    trigger: get("/api/rooms"),
    description: "Lists the open public rooms, most recently active first.",
    grants: [
      ["dynamodb:Query", "rooms/lobby", "reads the lobby page"],
      ["secretsmanager:GetSecretValue", "tokenKey", "signs and verifies cursors"],
      ["dynamodb:Query", "connections/room", "counts the people in each room"],
    ],
    links: true,
    ...small,
  },
  {
    name: "get-room",
    trigger: get("/api/rooms/{roomId}"),
    description: "Describes a room.",
    grants: [
      ["dynamodb:GetItem", "rooms", "reads the room"],
      ["dynamodb:Query", "connections/room", "counts the people in the room"],
    ],
    links: true,
    ...small,
  },
  {
    name: "update-room",
    trigger: patch("/api/rooms/{roomId}"),
    description: "Changes a room's name or topic, for its owner, and notifies everyone in it.",
    grants: [
      checkToken,
      countOwner,
      ["dynamodb:GetItem", "rooms", "reads the owner and the current name and topic"],
      ["dynamodb:UpdateItem", "rooms", "draws the next number and stores name and topic, only for the owner"],
      ["dynamodb:PutItem", "messages", "stores the notice, or a void"],
      readAudience,
      deleteGone,
      notifyRoom,
    ],
    links: true,
    ...fanOut,
  },
  {
    name: "close-room",
    trigger: remove("/api/rooms/{roomId}"),
    description: "Closes a room, for its owner: notifies everyone in it and deletes its log.",
    grants: [
      checkToken,
      countOwner,
      ["dynamodb:GetItem", "rooms", "reads the owner"],
      ["dynamodb:UpdateItem", "rooms", "draws the last number and closes the room, only for the owner"],
      ["dynamodb:PutItem", "messages", "stores the notice, or a void, and adds the log's `remains` row"],
      readAudience,
      ["dynamodb:DeleteItem", "connections/room", "removes everyone from the room"],
      ["dynamodb:Query", "messages", "finds the room's `remains` rows, and what is left of their logs"],
      ["dynamodb:DeleteItem", "messages", "deletes logs that are over, and their `remains` rows"],
      notifyRoom,
    ],
    ...fanOut,
    timeout: 29,
  },
];
