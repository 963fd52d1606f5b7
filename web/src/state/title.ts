// The tab's title: the room, and how much was said there while nobody looked.
import { effect } from "@preact/signals";
import { visible } from "../browser/environment.ts";
import { about, unread } from "./joined-room.ts";
import { roomView } from "./room-view.ts";
import { route } from "./route.ts";

export function showTitle(): void {
  effect(() => {
    const inRoom = route.value.view === "room" && roomView.value.stage === "open";
    const name = inRoom ? about.value?.name : undefined;
    const missed = inRoom && !visible.value && unread.value > 0 ? `(${unread.value}) ` : "";
    document.title = name ? `${missed}${name} · Parlor` : "Parlor";
  });
}
