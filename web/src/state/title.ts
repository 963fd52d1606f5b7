// The tab's title: the room's name, and the number of unread messages while the page is hidden.
import { effect } from "@preact/signals";
import { visible } from "../browser/environment.ts";
import { roomName } from "./joined-room.ts";
import { roomView } from "./room-view.ts";
import { route } from "./route.ts";
import { unread } from "./unread.ts";

export function trackTitle(): void {
  effect(() => {
    const isJoined = route.value.view === "room" && roomView.value.stage === "joined";
    const name = isJoined ? roomName.value : "";
    const unreadCount = isJoined && !visible.value && unread.value > 0 ? `(${unread.value}) ` : "";
    document.title = name ? `${unreadCount}${name} · Parlor` : "Parlor";
  });
}
