// What the page shows for the room in the address: loading, a name form, the joined room, or why it cannot be joined.
import { effect, signal } from "@preact/signals";
import { ParlorError, type Room, type RoomInfo } from "../../../client/src/index.ts";
import { errorText, isRefusal } from "../text/error-text.ts";
import { announce } from "./announcer.ts";
import { publicApi } from "./config.ts";
import { displayName, rejectName, setDisplayName } from "./identity.ts";
import { trackRoom } from "./joined-room.ts";
import { addRecentRoom, removeRecentRoom } from "./recent-rooms.ts";
import { announceRoom } from "./room-announcements.ts";
import { acquireRoom, type RoomHandle } from "./room-handles.ts";
import { route } from "./route.ts";

export type RoomView =
  | { stage: "opening" }
  | { stage: "choosingName"; summary: RoomInfo }
  /** `closed`: out of the room, with the log still readable. `removed`: the room may still be open to others. */
  | { stage: "joined"; room: Room; closed: boolean; removed?: boolean }
  | { stage: "gone"; why: "unknown" | "closed" }
  | { stage: "failed"; message: string };

export const roomView = signal<RoomView>({ stage: "opening" });

/** Aborted when the person navigates away; later results of this visit are then ignored. */
let visit = new AbortController();

export function trackRoomView(): void {
  effect(() => {
    visit.abort();
    if (route.value.view === "room") openRoom(route.value.roomId);
  });
  // Follows a name chosen in another tab. Otherwise this tab, if offline, would rejoin under the old name.
  effect(() => {
    const view = roomView.value;
    const name = displayName.value;
    if (view.stage !== "joined" || view.closed || name === undefined || name === view.room.you.name) return;
    view.room.rename(name).catch(() => {});
  });
}

/** Opens the room from scratch, with a name just chosen or the stored one. */
export function openRoom(roomId: string, chosenName?: string): void {
  visit.abort();
  visit = new AbortController();
  const { signal: ended } = visit;
  const show = (view: RoomView) => {
    if (!ended.aborted) roomView.value = view;
  };
  show({ stage: "opening" });
  joinRoom(roomId, chosenName, ended, show).catch((error: unknown) => show(viewAfterError(roomId, error)));
}

async function joinRoom(
  roomId: string,
  chosenName: string | undefined,
  ended: AbortSignal,
  show: (view: RoomView) => void,
): Promise<void> {
  const name = chosenName ?? displayName.peek();
  const handle = name === undefined ? undefined : await acquireUnlessNameRefused(roomId, name);
  if (!handle) {
    show({ stage: "choosingName", summary: await (await publicApi()).room(roomId) });
    return;
  }
  if (chosenName !== undefined) setDisplayName(chosenName);
  if (ended.aborted) {
    handle.release();
    return;
  }
  const { room } = handle;
  const stops = [
    trackRoom(room),
    announceRoom(room),
    room.on("notice", () => addRecentRoom({ roomId, name: room.name })),
    room.on("left", (reason) => {
      const removed = reason !== "closed";
      announce(removed ? "You are no longer in this room" : "This room was closed");
      if (!removed) removeRecentRoom(roomId);
      show({ stage: "joined", room, closed: true, removed });
    }),
  ];
  ended.addEventListener("abort", () => {
    for (const stop of stops) stop();
    handle.release();
  });
  addRecentRoom({ roomId, name: room.name });
  show({ stage: "joined", room, closed: false });
}

/** Returns undefined if the name is refused. `invalidField` cannot mean the room's id, which the route has checked. */
async function acquireUnlessNameRefused(roomId: string, name: string): Promise<RoomHandle | undefined> {
  try {
    return await acquireRoom(roomId, name);
  } catch (error) {
    if (!isRefusal(error, "invalidField")) throw error;
    rejectName(name);
    return undefined;
  }
}

function viewAfterError(roomId: string, error: unknown): RoomView {
  const code = error instanceof ParlorError ? error.code : undefined;
  if (code === "roomNotFound" || code === "roomClosed") {
    removeRecentRoom(roomId);
    return { stage: "gone", why: code === "roomNotFound" ? "unknown" : "closed" };
  }
  return { stage: "failed", message: errorText(error) };
}
