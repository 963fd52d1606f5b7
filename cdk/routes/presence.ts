// Who is in a room: joining, leaving, typing, and the pings that renew a connection's leases.
import {
  answerAndNotify,
  countFrame,
  countFrameInRoom,
  deleteGone,
  notifyRoom,
  readAudience,
  readChanged,
  readLogPage,
  readOccupant,
  recordOwnerLeft,
  releaseClaims,
  voidNumber,
} from "./grants.ts";
import { fanOut, frame, type Route, small } from "./route.ts";

export const presence: readonly Route[] = [
  {
    name: "join",
    trigger: frame("join"),
    description: "Joins a connection to a room, sends it what it missed, and notifies the others.",
    grants: [
      ...countFrameInRoom,
      ["dynamodb:GetItem", "rooms", "checks that the room is open, and reads its latest number"],
      ["dynamodb:UpdateItem", "rooms", "records that the owner has come, or has left again"],
      ["dynamodb:UpdateItem", "connections/own", "adds the room to the connection's own row, or removes it again"],
      ["dynamodb:GetItem", "connections/own", "lists the connection's rooms if there are too many"],
      ["dynamodb:PutItem", "connections/room", "stores the connection's row in the room"],
      [
        "dynamodb:UpdateItem",
        "connections/room",
        "renames the person's other tabs, and notes that the room was notified",
      ],
      ["dynamodb:Query", "members/claims", "finds a free seat in a room for a limited number of people"],
      ["dynamodb:UpdateItem", "members/claims", "takes a seat and a name, or releases them again"],
      ["dynamodb:DeleteItem", "members/claims", "frees a person's old name, and seats and names that nobody uses"],
      readAudience,
      deleteGone,
      readLogPage,
      readChanged,
      voidNumber,
      answerAndNotify,
    ],
    ...fanOut,
  },
  {
    name: "leave",
    trigger: frame("leave"),
    description: "Removes a connection from a room and notifies the others.",
    grants: [
      ...countFrameInRoom,
      ["dynamodb:UpdateItem", "connections/own", "removes the room from the connection's own row"],
      [
        "dynamodb:DeleteItem",
        "connections/room",
        "deletes the connection's row in the room, and connections that are gone",
      ],
      releaseClaims,
      readAudience,
      ...recordOwnerLeft,
      answerAndNotify,
    ],
    ...fanOut,
  },
  {
    name: "typing",
    trigger: frame("typing"),
    description: "Tells the others in a room that somebody is typing.",
    grants: [...countFrameInRoom, readOccupant, readAudience, deleteGone, notifyRoom],
    ...fanOut,
    timeout: 5,
  },
  {
    name: "ping",
    trigger: frame("ping"),
    description:
      "Renews a connection's leases, reports the state of its rooms, and removes connections with ended leases.",
    grants: [
      ...countFrame,
      ["dynamodb:GetItem", "connections/own", "reads the connection's rooms"],
      [
        "dynamodb:UpdateItem",
        "connections/room",
        "renews the connection's lease in each room, and notes an owner's row",
      ],
      ["dynamodb:GetItem", "rooms", "reads each room's latest number"],
      ["dynamodb:UpdateItem", "rooms", "records that the owner is there"],
      [
        "dynamodb:UpdateItem",
        "connections/own",
        "removes rooms that the connection has left from its own row, and adds seats and names",
      ],
      ["dynamodb:UpdateItem", "members/claims", "renews the connection's seats and names, or takes those it lacks"],
      ["dynamodb:Query", "connections/room", "reads who is in each room"],
      ["dynamodb:DeleteItem", "connections/room", "deletes connections whose lease has ended"],
      ["execute-api:ManageConnections", "posts", "answers the caller and announces departures to the others"],
    ],
    // Only a ping that finds an ended lease posts to a whole room. More time for that is free; more memory would cost at every ping.
    ...small,
    timeout: 10,
  },
];
