// Who somebody is: guest tokens, and whom a token proves.

import { checkToken, seeViewer } from "./grants.ts";
import { get, post, type Route, small } from "./route.ts";

export const people: readonly Route[] = [
  {
    name: "create-session",
    trigger: post("/api/sessions"),
    why: "Makes a guest token, with which one stays the same person over reconnects.",
    grants: [
      ["secretsmanager:GetSecretValue", "tokenKey", "signs the guest token"],
      ["dynamodb:UpdateItem", "limits/guests", "counts the guest"],
      seeViewer,
    ],
    ...small,
  },
  {
    name: "get-me",
    trigger: get("/api/me"),
    why: "Tells the bearer of a token whom it proves.",
    grants: [checkToken],
    ...small,
  },
];
