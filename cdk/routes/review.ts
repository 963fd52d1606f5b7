// Review: what the functions that record texts may do in a stage that has reviewers.
import type { ReviewSetting } from "../review-setting.ts";
import type { Grant } from "./route.ts";

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
  return [];
}
