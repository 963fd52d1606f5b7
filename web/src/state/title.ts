// The tab's title: how much is unread in conversations and in all of your rooms that are not muted, and the name of the open room.
import { effect } from "@preact/signals";
import { brandName } from "../../brand.ts";
import { roomName } from "./joined-room.ts";
import { roomView } from "./room-view.ts";
import { route } from "./route.ts";
import { totalUnread } from "./total-unread.ts";

export function trackTitle(): void {
  effect(() => {
    const isJoined = route.value.view === "room" && roomView.value.stage === "joined";
    const room = isJoined ? roomName.value : "";
    const unread = totalUnread.value && `(${totalUnread.value}) `;
    document.title = room ? `${unread}${room} · ${brandName}` : `${unread}${brandName}`;
  });
}
