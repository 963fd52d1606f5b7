// A room's log: adding events, reading them, and clearing the log.
import {
  answerAndNotify,
  answerCaller,
  checkToken,
  countFrameInRoom,
  countOwner,
  deleteGone,
  drawNumber,
  notifyRoom,
  readAudience,
  readChanged,
  readLogHead,
  readLogPage,
  readOccupant,
  voidNumber,
} from "./grants.ts";
import { fanOut, frame, get, type Route, remove, small } from "./route.ts";

/** Grants shared by edit, delete and react. */
const change = {
  grants: [
    ...countFrameInRoom,
    readOccupant,
    ["dynamodb:GetItem", "rooms", "reads the epoch and the owner"],
    ["dynamodb:GetItem", "messages", "reads the message and, for a retry, the first result"],
    drawNumber,
    ["dynamodb:PutItem", "messages", "stores the event, its marker and the message, or a void"],
    readAudience,
    deleteGone,
    answerAndNotify,
  ],
  ...fanOut,
} as const;

export const log: readonly Route[] = [
  {
    name: "send",
    trigger: frame("send"),
    description:
      "Stores a message at the next number, exactly once, posts it to everyone in the room and acknowledges it.",
    grants: [
      ...countFrameInRoom,
      drawNumber,
      readOccupant,
      ["dynamodb:GetItem", "rooms", "if the message mentions the room, reads the owner"],
      ["dynamodb:PutItem", "messages", "stores the message and its marker, or a void"],
      ["dynamodb:GetItem", "messages", "on a retry, reads what the first attempt stored"],
      readAudience,
      deleteGone,
      answerAndNotify,
    ],
    ...fanOut,
  },
  {
    name: "edit",
    trigger: frame("edit"),
    description: "Replaces the text of a message, for its author.",
    ...change,
  },
  {
    name: "delete",
    trigger: frame("delete"),
    description: "Deletes the text of a message, for its author or the room's owner.",
    ...change,
  },
  {
    name: "react",
    trigger: frame("react"),
    description: "Adds a reaction to a message or removes it.",
    ...change,
  },
  {
    name: "history",
    trigger: frame("history"),
    description: "Sends a page of a room's log to a client that has joined.",
    grants: [...countFrameInRoom, readLogHead, readOccupant, readLogPage, readChanged, voidNumber, answerCaller],
    ...small,
  },
  {
    name: "list-messages",
    trigger: get("/api/rooms/{roomId}/messages"),
    description: "Returns a page of a room's log.",
    grants: [readLogHead, readLogPage, readChanged, voidNumber],
    ...small,
  },
  {
    name: "clear-room",
    trigger: remove("/api/rooms/{roomId}/messages"),
    description: "Deletes everything in a room's log and starts a new epoch, for the room's owner.",
    grants: [
      checkToken,
      countOwner,
      ["dynamodb:GetItem", "rooms", "reads the owner"],
      ["dynamodb:UpdateItem", "rooms", "starts a new epoch, only for the owner, and draws its first number"],
      ["dynamodb:PutItem", "messages", "stores the notice, or a void, and adds the log's `remains` row"],
      readAudience,
      deleteGone,
      notifyRoom,
      ["dynamodb:Query", "messages", "finds the room's `remains` rows, and what is left of their logs"],
      ["dynamodb:DeleteItem", "messages", "deletes logs that are over, and their `remains` rows"],
    ],
    ...fanOut,
    timeout: 29,
  },
];
