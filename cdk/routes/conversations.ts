// Conversations: creating, listing and describing them, who is a member, what they have read, and whom they block.
import {
  addMembers,
  answerCaller,
  checkToken,
  countFrameInRoom,
  countOwner,
  drawNumber,
  findPeople,
  inConversation,
  postToMembers,
  readChanged,
  readLogHead,
  readLogPage,
  readMembership,
  readRoster,
  voidNumber,
} from "./grants.ts";
import { fanOut, frame, type Grant, get, patch, post, put, type Route, remove, small } from "./route.ts";

/** What every request needs. */
const request: readonly Grant[] = [checkToken, countOwner];

/** What describing a conversation to one of its members needs. */
const describe: readonly Grant[] = [
  readLogHead,
  readMembership,
  readRoster,
  ["dynamodb:Query", "messages", "finds the newest message, and counts the unread ones"],
];

/** What a change of members needs. */
const changeMembers: readonly Grant[] = [
  ["dynamodb:UpdateItem", "rooms", "draws the next number, only if the members are still as they were read"],
  ["dynamodb:PutItem", "messages", "stores the notice"],
  ...postToMembers,
];

export const conversations: readonly Route[] = [
  {
    name: "create-conversation",
    trigger: post("/api/conversations"),
    description: "Finds or creates a direct conversation, or creates a group.",
    grants: [
      ...request,
      ...findPeople,
      ...describe,
      ["dynamodb:PutItem", "rooms", "creates the conversation"],
      ["dynamodb:GetItem", "messages", "on a retry, reads the notice to post it again"],
      ...addMembers,
      ...changeMembers,
    ],
    ...fanOut,
  },
  {
    name: "list-conversations",
    trigger: get("/api/conversations"),
    description: "Returns a page of a person's conversations, most recently active first.",
    grants: [
      ...request,
      ["dynamodb:Query", "members/list", "reads which conversations the person is a member of"],
      ["dynamodb:BatchGetItem", "members/roster", "reads the person's memberships"],
      ["dynamodb:BatchGetItem", "rooms", "reads the conversations"],
      readRoster,
      ["dynamodb:Query", "messages", "finds the newest messages, and counts the unread ones"],
    ],
    ...small,
    timeout: 10,
  },
  {
    name: "get-conversation",
    trigger: get("/api/conversations/{roomId}"),
    description: "Describes a conversation to one of its members.",
    grants: [...request, ...describe],
    ...small,
  },
  {
    name: "update-conversation",
    trigger: patch("/api/conversations/{roomId}"),
    description: "Changes the title of a group.",
    grants: [
      ...request,
      ...describe,
      drawNumber,
      ["dynamodb:PutItem", "messages", "stores the notice, or a void"],
      ...postToMembers,
    ],
    ...fanOut,
  },
  {
    name: "list-conversation-messages",
    trigger: get("/api/conversations/{roomId}/messages"),
    description: "Returns a page of a conversation's log to one of its members.",
    grants: [...request, readMembership, readLogHead, readLogPage, readChanged, voidNumber],
    ...small,
  },
  {
    name: "add-members",
    trigger: post("/api/conversations/{roomId}/members"),
    description: "Adds people to a group.",
    grants: [
      ...request,
      ...findPeople,
      ...describe,
      ["dynamodb:GetItem", "messages", "on a retry, reads the notice to post it again"],
      ...addMembers,
      ...changeMembers,
    ],
    ...fanOut,
  },
  {
    name: "remove-member",
    trigger: remove("/api/conversations/{roomId}/members/{userId}"),
    description: "Removes a member from a group, or leaves it.",
    grants: [
      ...request,
      readLogHead,
      readRoster,
      ["dynamodb:GetItem", "members/roster", "on a retry, finds that the caller has left already"],
      ["dynamodb:UpdateItem", "members/roster", "ends the membership, and makes somebody else the owner"],
      ["dynamodb:DeleteItem", "members/list", "removes the conversation from the person's list"],
      ["dynamodb:PutItem", "members/visits", "notes that the person has been in it"],
      ...changeMembers,
    ],
    ...fanOut,
  },
  {
    name: "read",
    trigger: frame("read"),
    description: "Moves a member's read marker, and tells their other connections and those who may know.",
    grants: [
      ...countFrameInRoom,
      ...inConversation,
      readLogHead,
      ["dynamodb:UpdateItem", "members/roster", "moves the read marker"],
      answerCaller,
    ],
    ...fanOut,
  },
  {
    name: "list-blocks",
    trigger: get("/api/me/blocks"),
    description: "Returns the people whom a person blocks.",
    grants: [...request, ["dynamodb:Query", "members/list", "reads whom the person blocks"]],
    ...small,
  },
  {
    name: "block",
    trigger: put("/api/me/blocks/{userId}"),
    description: "Blocks a person: their direct messages are refused.",
    grants: [
      ...request,
      ...findPeople,
      readLogHead,
      ["dynamodb:GetItem", "members/roster", "finds the other person's name"],
      readRoster,
      ["dynamodb:PutItem", "rooms", "creates the direct conversation"],
      ...addMembers,
      ...changeMembers,
      ["dynamodb:UpdateItem", "members/roster", "notes that the person blocks the other"],
      ["dynamodb:UpdateItem", "members/list", "notes whom the person blocks"],
    ],
    ...small,
  },
  {
    name: "unblock",
    trigger: remove("/api/me/blocks/{userId}"),
    description: "Accepts direct messages from a person again.",
    grants: [
      ...request,
      ["dynamodb:UpdateItem", "members/roster", "notes that the person no longer blocks the other"],
      ["dynamodb:UpdateItem", "members/list", "notes that the person no longer blocks the other"],
    ],
    ...small,
  },
];
