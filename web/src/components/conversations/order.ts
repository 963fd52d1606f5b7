// What the list of conversations shows, and in which order.
import type { Conversation } from "../../../../client/src/index.ts";

/** Keeps the order of those that are shown, so that nothing moves under the pointer. New ones come last. */
export function orderKeeping(list: readonly Conversation[], shown: readonly string[]): readonly Conversation[] {
  const place = ({ room }: Conversation) => (shown.includes(room) ? shown.indexOf(room) : shown.length);
  return [...list].sort((one, other) => place(one) - place(other));
}

/** "You: On my way", in a group "Ada: On my way", on one line. */
export function latestText({ kind, latest, members: [you] }: Conversation): string {
  if (!latest) return "No messages yet";
  const text = latest.deleted ? "Message deleted" : latest.text.replace(/\s+/g, " ").trim();
  if (latest.from.userId === you?.userId) return `You: ${text}`;
  return kind === "group" ? `${latest.from.name}: ${text}` : text;
}
