// Bots: the rooms in which they answer, and the functions that answer: one for all bots of the kind `answers`, and one for
// each of the other kinds. A stage has those of its bots.
import { type Bot, profiledModel } from "../bots-setting.ts";
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

/** The function of one bot, whose role may use what this bot needs and nothing of another. Those of the kind `answers` share one. */
export function routeOfBot(bot: Bot): Route | undefined {
  const { name } = bot;
  const route = {
    name: `answer-${name}`,
    ...answers,
    description: `Answers a message for the bot ${name}, exactly once.`,
  };
  switch (bot.kind) {
    case "answers":
      return undefined;
    case "lex": {
      const grants = [
        ...answers.grants,
        ["lex:RecognizeText", `lex/${name}`, "continues the dialogue with whoever asks"],
      ] as const;
      // Up to 12 seconds wait for Lex.
      return { ...route, grants, timeout: 20 };
    }
    case "bedrock": {
      const invoke = "bedrock:InvokeModelWithResponseStream";
      const grants: Grant[] = [
        ...answers.grants,
        ["dynamodb:GetItem", "rooms", "reads whether the bot may still write there"],
        ["dynamodb:Query", "messages", "reads the messages before the question"],
        ["dynamodb:UpdateItem", `limits/tokens/${name}`, "counts tokens for the person, the room and the stage"],
        [invoke, `bedrock/${name}`, "has the model answer"],
      ];
      if (profiledModel(bot.modelId))
        grants.push([invoke, `bedrock/${name}/model`, "has the profile choose the Region"]);
      // Up to 45 seconds wait for the model.
      return { ...route, grants, timeout: 60 };
    }
  }
}

/** What `send` may do for a bot that has a function of its own. */
export const askBot = (bot: string): Grant => [
  "lambda:InvokeFunction",
  `bots/${bot}`,
  `asks the bot ${bot}, if the message addresses it`,
];
