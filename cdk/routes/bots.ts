// Bots: the rooms in which they answer, and the function that answers. Only a stage that has bots has that function.
import {
  checkToken,
  countOwner,
  deleteGone,
  drawNumber,
  findListeners,
  notifyRoom,
  readAudience,
  readRoster,
  readStatus,
} from "./grants.ts";
import { fanOut, invocation, post, put, type Route, remove } from "./route.ts";

const decide = {
  grants: [
    checkToken,
    countOwner,
    ["dynamodb:GetItem", "rooms", "reads the owner and the room's bots"],
    ["dynamodb:UpdateItem", "rooms", "draws the next number and stores the room's bots, only for the owner"],
    ["dynamodb:PutItem", "messages", "stores the notice, or a void"],
    readAudience,
    deleteGone,
    notifyRoom,
  ],
  ...fanOut,
} as const;

export const bots: readonly Route[] = [
  {
    name: "allow-bot",
    trigger: put("/api/rooms/{roomId}/bots/{name}"),
    description: "Lets a bot answer in a room, for its owner, and notifies everyone in it.",
    links: true,
    ...decide,
  },
  {
    name: "remove-bot",
    trigger: remove("/api/rooms/{roomId}/bots/{name}"),
    description: "Removes a bot from a room, for its owner, and notifies everyone in it.",
    links: true,
    ...decide,
  },
  {
    name: "create-hook",
    trigger: post("/api/rooms/{roomId}/hooks"),
    description: "Makes a webhook in a room, for its owner, and notifies everyone in it.",
    ...decide,
  },
  {
    name: "post-hook",
    trigger: post("/api/hooks/{hookId}"),
    description:
      "Stores a message that a program outside sends through a webhook, exactly once, and posts it to the room.",
    grants: [
      ["dynamodb:GetItem", "rooms", "reads the room's webhooks"],
      ["dynamodb:UpdateItem", "limits/room", "counts the message for its webhook"],
      drawNumber,
      readStatus,
      ["dynamodb:PutItem", "messages", "stores the message and its marker, or a void"],
      ["dynamodb:GetItem", "messages", "on a retry, reads what the first attempt stored"],
      readAudience,
      deleteGone,
      notifyRoom,
    ],
    ...fanOut,
  },
  {
    name: "answer",
    trigger: invocation,
    description: "Answers a message for a bot that it addresses, exactly once.",
    grants: [
      ["dynamodb:GetItem", "messages", "reads the message and, if the job is repeated, the first answer"],
      drawNumber,
      readStatus,
      ["dynamodb:PutItem", "messages", "stores the answer and its marker, or a void"],
      readAudience,
      deleteGone,
      readRoster,
      ...findListeners,
      notifyRoom,
    ],
    ...fanOut,
  },
];
