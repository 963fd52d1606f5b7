// How much is unread in all: in conversations, and in all of your rooms that are not muted.
import { computed } from "@preact/signals";
import { conversationUi } from "./conversation-ui.ts";
import { unreadInRooms, unreadText } from "./room-activity.ts";

/** "3", or "99+". Empty if nothing is unread. */
export const totalUnread = computed(() => {
  const { unread, isMore } = unreadInRooms.value;
  return unreadText({ unread: unread + (conversationUi.value?.totalUnread.value ?? 0), isMore });
});
