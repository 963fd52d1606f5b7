// Which room this tab is in, and how far it got: opening, asking for a name, open, closed, or why not.
import { effect, signal } from "@preact/signals";
import { ParlorApi, ParlorError, type Room, type RoomInfo } from "../../../client/src/index.ts";
import { isRefusal, refused } from "../text/error-text.ts";
import { announce } from "./announcer.ts";
import { config } from "./config.ts";
import { displayName, refuseName, setDisplayName } from "./identity.ts";
import { follow } from "./joined-room.ts";
import { forgetRoom, rememberRoom } from "./recent-rooms.ts";
import { announceRoom } from "./room-announcements.ts";
import { type Stay, stayIn } from "./room-handles.ts";
import { route } from "./route.ts";

export type RoomView =
  | { stage: "opening" }
  | { stage: "naming"; summary: RoomInfo }
  /** `removed`: the room may go on, but without this person. */
  | { stage: "open"; room: Room; closed: boolean; removed?: boolean }
  | { stage: "gone"; why: "unknown" | "closed" }
  | { stage: "failed"; message: string };

export const roomView = signal<RoomView>({ stage: "opening" });

/** Ends when the reader goes elsewhere; what an earlier visit still brings is no longer shown. */
let visit = new AbortController();

export function followRoom(): void {
  effect(() => {
    visit.abort();
    if (route.value.view === "room") openRoom(route.value.roomId);
  });
  // Chosen in another tab, maybe while this one had no connection: it must not join again under the former name.
  effect(() => {
    const view = roomView.value;
    const name = displayName.value;
    if (view.stage !== "open" || view.closed || name === undefined || name === view.room.you.name) return;
    view.room.rename(name).catch(() => {});
  });
}

/** Opens the room afresh, under a name just chosen or the one from before. */
export function openRoom(roomId: string, chosenName?: string): void {
  visit.abort();
  visit = new AbortController();
  const { signal: ended } = visit;
  const show = (view: RoomView) => {
    if (!ended.aborted) roomView.value = view;
  };
  show({ stage: "opening" });
  enter(roomId, chosenName, ended, show).catch((error: unknown) => show(failure(roomId, error)));
}

async function enter(
  roomId: string,
  chosenName: string | undefined,
  ended: AbortSignal,
  show: (view: RoomView) => void,
): Promise<void> {
  const name = chosenName ?? displayName.peek();
  const stay = name === undefined ? undefined : await tryToStay(roomId, name);
  if (!stay) {
    show({ stage: "naming", summary: await new ParlorApi((await config()).apiUrl).room(roomId) });
    return;
  }
  if (chosenName !== undefined) setDisplayName(chosenName);
  if (ended.aborted) {
    stay.release();
    return;
  }
  const { room } = stay;
  const stops = [
    follow(room),
    announceRoom(room),
    room.on("notice", () => rememberRoom({ roomId, name: room.name })),
    room.on("left", (reason) => {
      const removed = reason !== "closed";
      announce(removed ? "You are no longer in this room" : "This room was closed");
      if (!removed) forgetRoom(roomId);
      show({ stage: "open", room, closed: true, removed });
    }),
  ];
  ended.addEventListener("abort", () => {
    for (const stop of stops) stop();
    stay.release();
  });
  rememberRoom({ roomId, name: room.name });
  show({ stage: "open", room, closed: false });
}

/** Undefined when it is the name that is refused: the room's id is one that the server could have given out. */
async function tryToStay(roomId: string, name: string): Promise<Stay | undefined> {
  try {
    return await stayIn(roomId, name);
  } catch (error) {
    if (!isRefusal(error, "invalidField")) throw error;
    refuseName(name);
    return undefined;
  }
}

function failure(roomId: string, error: unknown): RoomView {
  const code = error instanceof ParlorError ? error.code : undefined;
  if (code === "roomNotFound" || code === "roomClosed") {
    forgetRoom(roomId);
    return { stage: "gone", why: code === "roomNotFound" ? "unknown" : "closed" };
  }
  return { stage: "failed", message: refused(error) };
}
