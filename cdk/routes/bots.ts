// Bots: the rooms in which they answer, and the functions that answer: one for all bots of the kind `answers`, and one for
// each of the kind `lex`. A stage has those of its bots.
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
import { fanOut, type Grant, invocation, post, put, type Route, remove, small } from "./route.ts";

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

const answers = {
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
    name: "tell-hook",
    trigger: invocation,
    description: "Tells a program outside a message of a room whose owner gave it an address.",
    grants: [
      ["dynamodb:GetItem", "rooms", "reads the room's webhooks"],
      ["dynamodb:GetItem", "messages", "reads the message"],
      ["dynamodb:GetItem", "members/status", "reads whether the webhook is banned"],
    ],
    ...small,
    // Up to 5 seconds wait for the program.
    timeout: 10,
  },
  { name: "answer", ...answers },
];

/** The function of one bot of the kind `lex`: its role may use this bot and no other. */
export const lexRoute = (bot: string): Route => ({
  name: `answer-${bot}`,
  ...answers,
  description: `Answers a message for the bot ${bot}, exactly once.`,
  grants: [...answers.grants, ["lex:RecognizeText", `lex/${bot}`, "continues the dialogue with whoever asks"]],
  // Up to 12 seconds wait for Lex.
  timeout: 20,
});

/** What `send` may do for a bot of the kind `lex`. */
export const askLexBot = (bot: string): Grant => [
  "lambda:InvokeFunction",
  `bots/${bot}`,
  `asks the bot ${bot}, if the message addresses it`,
];
