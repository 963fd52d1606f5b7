// People: creating guest tokens, reading who a token belongs to, and handles.
import { answerCaller, checkToken, countFrame, countOwner, trustViewerAddress } from "./grants.ts";
import { frame, type Grant, get, post, put, type Route, remove, small } from "./route.ts";

const readHandle: Grant = ["dynamodb:GetItem", "people/person", "reads which handle the person has"];

const claimHandle: readonly Grant[] = [
  readHandle,
  ["dynamodb:UpdateItem", "people/person", "records the handle, only if the person's last one is as it was read"],
  ["dynamodb:PutItem", "people/handle", "claims the handle, unless somebody else has one that looks like it"],
  ["dynamodb:DeleteItem", "people/handle", "releases the person's last handle"],
];

export const people: readonly Route[] = [
  {
    name: "create-session",
    trigger: post("/api/sessions"),
    description: "Creates a guest token, which makes a guest the same person across connections.",
    grants: [
      ["secretsmanager:GetSecretValue", "tokenKey", "signs the guest token"],
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
