// Conversations in the page: everything about them is a chunk that loads after the page.
import { signal } from "@preact/signals";

type ConversationUi = typeof import("../components/conversations/conversations.ts");

/** Undefined until it has arrived. */
export const conversationUi = signal<ConversationUi | undefined>(undefined);

/** The ids of conversations begin with this, and those of other rooms do not. */
export function isConversation(roomId: string): boolean {
  return roomId.startsWith("c-");
}

/** Without a connection to load it, the page works on without conversations until it is reloaded. */
export function loadConversationUi(): void {
  import("../components/conversations/conversations.ts").then(
    (arrived) => {
      arrived.followConversations();
      conversationUi.value = arrived;
    },
    () => {},
  );
}

/** The name of a conversation or room. Direct conversations are named after the other person. */
export function nameOf(roomId: string, name: string): string {
  const ui = conversationUi.value;
  if (name || !isConversation(roomId)) return name;
  const conversation = ui?.conversationIn(roomId);
  return conversation && ui ? ui.titleOf(conversation) : "Conversation";
}
