// Who is in a room: joining, leaving, typing, and the pings that keep a connection's leases.

import { audience, forget, limited, limitedInRoom, readChanged, readLog, tell, voidNumber } from "./grants.ts";
import { fanOut, frame, type Route, small } from "./route.ts";

export const presence: readonly Route[] = [
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
];
