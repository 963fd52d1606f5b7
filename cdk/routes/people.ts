// People: creating guest tokens and reading who a token belongs to.
import { checkToken, trustViewerAddress } from "./grants.ts";
import { get, post, type Route, small } from "./route.ts";

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
    grants: [checkToken],
    ...small,
  },
];
