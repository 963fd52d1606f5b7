// A room's log: what adds events to it, what reads it, and what starts it anew.

import {
  answer,
  audience,
  checkToken,
  forget,
  limitedInRoom,
  limitOwner,
  nextNumber,
  readChanged,
  readLog,
  tell,
  voidNumber,
} from "./grants.ts";
import { fanOut, frame, get, type Route, remove, small } from "./route.ts";

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

export const log: readonly Route[] = [
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
    name: "list-messages",
    trigger: get("/api/rooms/{roomId}/messages"),
    why: "Answers with a page of a room's log.",
    grants: [["dynamodb:GetItem", "rooms", "the epoch and the newest number"], readLog, readChanged, voidNumber],
    ...small,
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
];
