// Conversations in the page: everything about them is a chunk that loads after the page.
import { signal } from "@preact/signals";

type ConversationUi = typeof import("../components/conversations/conversations.ts");

/** Undefined until it has arrived. */
export const conversationUi = signal<ConversationUi | undefined>(undefined);

/** Whether a person's messages are collapsed, because this person blocks them. */
export function isCollapsed(roomId: string, userId: string): boolean {
  return conversationUi.value?.isCollapsed(roomId, userId) === true;
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
