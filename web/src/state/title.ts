// The tab's title: the room's name, and the number of unread messages: in conversations and, while the page is hidden, in the room.
import { effect } from "@preact/signals";
import { visible } from "../browser/environment.ts";
import { isConversation } from "./conversation-name.ts";
import { conversationUi } from "./conversation-ui.ts";
import { roomName } from "./joined-room.ts";
import { roomView } from "./room-view.ts";
import { route } from "./route.ts";
import { unread } from "./unread.ts";

export function trackTitle(): void {
  effect(() => {
    const isJoined = route.value.view === "room" && roomView.value.stage === "joined";
    const name = isJoined ? roomName.value : "";
    const isRoom = route.value.view === "room" && !isConversation(route.value.roomId);
    const inRoom = isJoined && isRoom && !visible.value ? unread.value : 0;
    const total = inRoom + (conversationUi.value?.totalUnread.value ?? 0);
    const unreadCount = total > 0 ? `(${total}) ` : "";
    document.title = `${unreadCount}${name ? `${name} · Parlor` : "Parlor"}`;
  });
}
