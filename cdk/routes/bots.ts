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
import { fanOut, invocation, put, type Route, remove } from "./route.ts";

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
  links: true,
  ...fanOut,
} as const;

export const bots: readonly Route[] = [
  {
    name: "allow-bot",
    trigger: put("/api/rooms/{roomId}/bots/{name}"),
    description: "Lets a bot answer in a room, for its owner, and notifies everyone in it.",
    ...decide,
  },
  {
    name: "remove-bot",
    trigger: remove("/api/rooms/{roomId}/bots/{name}"),
    description: "Removes a bot from a room, for its owner, and notifies everyone in it.",
    ...decide,
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
