// People: creating guest tokens, reading who a token belongs to, accounts that continue as
// guests, handles, and everything that is stored about a person.
import {
  answerCaller,
  checkToken,
  countFrame,
  countOwner,
  deleteGone,
  drawNumber,
  postToMembers,
  readAudience,
  readLogHead,
  readRoster,
  trustViewerAddress,
} from "./grants.ts";
import { fanOut, frame, type Grant, get, post, put, type Route, remove, small } from "./route.ts";

const readHandle: Grant = ["dynamodb:GetItem", "people/person", "reads which handle the person has"];

const claimHandle: readonly Grant[] = [
  readHandle,
  ["dynamodb:UpdateItem", "people/person", "records the handle, only if the person's last one is as it was read"],
  ["dynamodb:PutItem", "people/handle", "claims the handle, unless somebody else has one that looks like it"],
  ["dynamodb:DeleteItem", "people/handle", "releases the person's last handle"],
];

/** For routes that look for everything that a person has written. */
const findWritten: readonly Grant[] = [
  ["dynamodb:Query", "members/list", "reads which conversations the person is a member of"],
  ["dynamodb:Query", "members/visits", "reads which rooms the person has been in"],
  ["dynamodb:BatchGetItem", "rooms", "reads the rooms"],
];

export const people: readonly Route[] = [
  {
    name: "create-session",
    trigger: post("/api/sessions"),
    description: "Creates or renews a guest token, which makes a guest the same person across connections.",
    grants: [
      ["secretsmanager:GetSecretValue", "tokenKey", "signs the guest token, and verifies one that is to be renewed"],
      ["dynamodb:UpdateItem", "limits/guests", "counts the new guest for their address"],
      trustViewerAddress,
    ],
    ...small,
  },
  {
    name: "get-me",
    trigger: get("/api/me"),
    description: "Returns the person a token belongs to.",
    grants: [checkToken, readHandle],
    ...small,
  },
  {
    name: "export-me",
    trigger: get("/api/me/export"),
    description: "Returns a page of everything that is stored about a person.",
    grants: [
      checkToken,
      countOwner,
      readHandle,
      ...findWritten,
      ["dynamodb:BatchGetItem", "members/roster", "reads the person's memberships"],
      ["dynamodb:Query", "messages", "reads the person's messages"],
    ],
    ...small,
    timeout: 29,
  },
  {
    name: "erase-me",
    trigger: remove("/api/me"),
    description: "Deletes a person's name, handle, memberships and read markers and, if asked for, their messages.",
    grants: [
      checkToken,
      countOwner,
      ...findWritten,
      readLogHead,
      drawNumber,
      ["dynamodb:Query", "messages", "finds the person's messages"],
      ["dynamodb:GetItem", "messages", "reads a message as it is now"],
      ["dynamodb:PutItem", "messages", "deletes messages, each by a change, and stores that the person has left"],
      readAudience,
      deleteGone,
      readRoster,
      ...postToMembers,
      ["dynamodb:UpdateItem", "members/roster", "ends memberships, makes others owners, and erases names and markers"],
      ["dynamodb:Query", "members/held", "finds the person's messages that wait for a moderator"],
      ["dynamodb:DeleteItem", "members/held", "deletes them"],
      ["dynamodb:DeleteItem", "members/list", "removes conversations from the person's list"],
      ["dynamodb:PutItem", "members/visits", "notes a conversation that the person has left, until it is done"],
      ["dynamodb:DeleteItem", "members/visits", "strikes off rooms that are done"],
      readHandle,
      ["dynamodb:UpdateItem", "people/person", "forgets the handle, and the name of a guest whom an account continues"],
      ["dynamodb:DeleteItem", "people/handle", "releases the handle"],
      ["dynamodb:DeleteItem", "people/person", "deletes the person"],
      ["execute-api:ManageConnections", "disconnects", "ends the person's connections"],
    ],
    ...fanOut,
    timeout: 29,
  },
  {
    name: "link-guest",
    trigger: put("/api/me/guest"),
    description: "Makes an account continue as a guest, with everything that the guest has.",
    grants: [
      checkToken,
      countOwner,
      ["dynamodb:UpdateItem", "people/account", "records which guest the account continues as"],
      [
        "dynamodb:UpdateItem",
        "people/person",
        "records whose account continues as the guest, and that their handle stays",
      ],
      readHandle,
      ["dynamodb:PutItem", "people/handle", "keeps the guest's handle beyond their token"],
    ],
    ...small,
  },
  {
    name: "register",
    trigger: frame("register"),
    description: "Claims a handle for the person of a connection.",
    grants: [
      ...countFrame,
      countOwner,
      ...claimHandle,
      ["dynamodb:UpdateItem", "connections/own", "notes the handle of a guest without a token, to release it"],
      answerCaller,
    ],
    ...small,
  },
  {
    name: "claim-handle",
    trigger: put("/api/me/handle"),
    description: "Claims a handle for the person a token belongs to.",
    grants: [checkToken, countOwner, ...claimHandle],
    ...small,
  },
  {
    name: "release-handle",
    trigger: remove("/api/me/handle"),
    description: "Releases the handle of the person a token belongs to.",
    grants: [
      checkToken,
      countOwner,
      readHandle,
      ["dynamodb:UpdateItem", "people/person", "forgets the handle, only if it is as it was read"],
      ["dynamodb:DeleteItem", "people/handle", "releases the handle"],
    ],
    ...small,
  },
  {
    name: "get-person",
    trigger: get("/api/people/{handle}"),
    description: "Returns the person who has a handle.",
    grants: [
      ["dynamodb:UpdateItem", "limits/lookups", "counts the request for its address"],
      ["dynamodb:GetItem", "people/handle", "reads whose the handle is"],
      trustViewerAddress,
    ],
    ...small,
  },
];
