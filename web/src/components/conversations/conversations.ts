// The chunk of everything about conversations that the first load does not need.

export {
  blockedIds,
  conversationIn,
  conversations,
  followConversations,
  isCollapsed,
  isLoaded,
  markUnread,
  messagePerson,
  ownsGroup,
  titleOf,
  totalUnread,
} from "../../state/conversations.ts";
export { BlockedMessage } from "./blocked-message.tsx";
export { ConversationHeader } from "./conversation-header.tsx";
export { ConversationSection } from "./conversation-section.tsx";
export { MembersDrawer, MembersPanel } from "./members.tsx";
export { SeenBy } from "./seen-by.tsx";
