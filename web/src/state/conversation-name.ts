// What the first load needs to know of conversations. The rest is in a chunk that loads later: see conversation-ui.ts.
import { signal } from "@preact/signals";
import { isConversation } from "../../../client/src/index.ts";

/** By room id. Filled by that chunk. */
export const conversationTitles = signal<ReadonlyMap<string, string>>(new Map());

/** The name of a conversation or room. Direct conversations are named after the other person. */
export function nameOf(roomId: string, name: string): string {
  if (name || !isConversation(roomId)) return name;
  return conversationTitles.value.get(roomId) ?? "Conversation";
}

/** What the page calls a room with this id. */
export function kindOf(roomId: string): string {
  return isConversation(roomId) ? "conversation" : "room";
}
