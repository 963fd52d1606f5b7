// Moderation: what moderators do to people and rooms, and what they are shown.
import {
  checkToken,
  countOwner,
  deleteGone,
  drawNumber,
  notifyRoom,
  readAudience,
  readStatus,
  releaseClaims,
} from "./grants.ts";
import { fanOut, get, post, type Route, small } from "./route.ts";

export const moderation: readonly Route[] = [
  {
    name: "moderate",
    trigger: post("/api/rooms/{roomId}/moderation"),
    description: "Kicks, bans or mutes a person, sets slow mode, locks the room, or changes who moderates it.",
    grants: [
      checkToken,
      countOwner,
      ["dynamodb:GetItem", "rooms", "reads the owner and how the room is moderated"],
      readStatus,
      ["dynamodb:UpdateItem", "members/status", "stores what is decided about a person"],
      ["dynamodb:Query", "members/addresses", "finds the addresses that a person's ban covers"],
      ["dynamodb:PutItem", "members/addresses", "bans a person's addresses"],
      ["dynamodb:DeleteItem", "members/addresses", "lifts the bans of a person's addresses"],
      ["dynamodb:PutItem", "members/audit", "adds an entry to the audit list"],
      drawNumber,
      ["dynamodb:PutItem", "messages", "stores the notice, or a void"],
      readAudience,
      deleteGone,
      ["dynamodb:UpdateItem", "connections/room", "notes that the room depends on its new owner"],
      ["dynamodb:UpdateItem", "connections/own", "removes the room from a removed person's connections"],
      releaseClaims,
      notifyRoom,
    ],
    ...fanOut,
  },
  {
    name: "get-moderation",
    trigger: get("/api/rooms/{roomId}/moderation"),
    description: "Shows the moderators of a room who is banned or muted there, and what was done.",
    grants: [
      checkToken,
      countOwner,
      ["dynamodb:GetItem", "rooms", "reads the owner"],
      readStatus,
      ["dynamodb:Query", "members/status", "reads about whom something is decided"],
      ["dynamodb:Query", "members/audit", "reads the audit list"],
    ],
    ...small,
  },
];
