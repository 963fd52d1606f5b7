// Review: what the functions that record texts may do in a stage that has reviewers, and the messages that wait.
import type { ReviewSetting } from "../review-setting.ts";
import { checkToken, countOwner, readStatus } from "./grants.ts";
import { type Grant, get, type Route, small } from "./route.ts";

/** Only in a stage that has reviewers. */
export const listHeld: Route = {
  name: "list-held",
  trigger: get("/api/rooms/{roomId}/held"),
  description: "Shows the moderators of a room which messages wait for them.",
  grants: [
    checkToken,
    countOwner,
    ["dynamodb:GetItem", "rooms", "reads the epoch and the owner"],
    readStatus,
    ["dynamodb:Query", "members/held", "reads the messages that wait"],
  ],
  ...small,
};

/** What a route may do in addition in a stage that has reviewers. */
export function reviewGrants(route: string, { lambda, guardrail }: ReviewSetting): readonly Grant[] {
  const ask: Grant[] = [
    ...(lambda === undefined ? [] : [["lambda:InvokeFunction", "reviewer", "has the text reviewed"] as const]),
    ...(guardrail ? [["bedrock:ApplyGuardrail", "guardrail", "has the text reviewed"] as const] : []),
  ];
  if (route === "edit") return ask;
  if (route === "send" || route === "post-hook" || /^answer(-|$)/.test(route)) {
    return [
      ["dynamodb:GetItem", "members/held", "reads whether the message waits already"],
      ["dynamodb:Query", "members/held", "counts the messages that wait"],
      ["dynamodb:PutItem", "members/held", "holds the message for a moderator"],
      ...ask,
    ];
  }
  if (route === "moderate") {
    return [
      ["dynamodb:GetItem", "members/held", "reads a message that waits"],
      ["dynamodb:DeleteItem", "members/held", "approves or rejects a message that waits"],
    ];
  }
  return [];
}
