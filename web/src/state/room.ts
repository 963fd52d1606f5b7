// Which room this tab is in, and how far it got: opening, asking for a name, open, closed, or why not.
import { effect, signal } from "@preact/signals";
import { ParlorApi, ParlorError, type Room, type RoomInfo } from "../../../client/src/index.ts";
import { announceRoom } from "./announcements.ts";
import { announce } from "./announcer.ts";
import { config } from "./config.ts";
import { client, connectionGeneration } from "./connection.ts";
import { follow } from "./conversation.ts";
import { displayName, setDisplayName } from "./identity.ts";
import { forgetRoom, rememberRoom } from "./recent.ts";
import { route } from "./route.ts";

export type RoomView =
  | { stage: "opening" }
  | { stage: "naming"; summary: RoomInfo }
  | { stage: "open"; room: Room; closed: boolean }
  | { stage: "gone"; why: "unknown" | "closed" }
  | { stage: "failed"; message: string };

export const roomView = signal<RoomView>({ stage: "opening" });

/** Ends when the reader goes elsewhere; what an earlier visit still brings is no longer shown. */
let visit = new AbortController();

/** Rooms whose `leave` is not answered yet: a `join` must not overtake it. */
const leaving = new Map<string, Promise<void>>();

export function followRoom(): void {
  effect(() => {
    void connectionGeneration.value;
    visit.abort();
    if (route.value.view === "room") openRoom(route.value.roomId);
  });
}

/** Opens the room afresh, after a failure or once there is a name. */
export function openRoom(roomId: string): void {
  visit.abort();
  visit = new AbortController();
  const { signal: ended } = visit;
  const show = (view: RoomView) => {
    if (!ended.aborted) roomView.value = view;
  };
  show({ stage: "opening" });
  enter(roomId, ended, show).catch((error: unknown) => show(failure(roomId, error)));
}

export function chooseNameAndJoin(roomId: string, name: string): void {
  setDisplayName(name);
  openRoom(roomId);
}

async function enter(roomId: string, ended: AbortSignal, show: (view: RoomView) => void): Promise<void> {
  const name = displayName.peek();
  if (name === undefined) {
    show({ stage: "naming", summary: await new ParlorApi((await config()).apiUrl).room(roomId) });
    return;
  }
  await leaving.get(roomId);
  const room = await (await client()).join(roomId, { name });
  if (ended.aborted) {
    // Unless a later visit to the same room has joined through the same call.
    const { value: now } = route;
    if (now.view === "lobby" || now.roomId !== roomId) leave(room);
    return;
  }
  const stops = [
    follow(room),
    announceRoom(room),
    room.on("notice", () => rememberRoom({ roomId, name: room.name })),
    room.on("left", () => {
      announce("This room was closed");
      forgetRoom(roomId);
      show({ stage: "open", room, closed: true });
    }),
  ];
  ended.addEventListener("abort", () => {
    for (const stop of stops) stop();
    leave(room);
  });
  rememberRoom({ roomId, name: room.name });
  show({ stage: "open", room, closed: false });
}

function leave(room: Room): void {
  leaving.set(
    room.id,
    room.leave().finally(() => leaving.delete(room.id)),
  );
}

function failure(roomId: string, error: unknown): RoomView {
  const code = error instanceof ParlorError ? error.code : undefined;
  const unknown = code === "roomNotFound" || code === "invalidField";
  if (unknown || code === "roomClosed") {
    forgetRoom(roomId);
    return { stage: "gone", why: unknown ? "unknown" : "closed" };
  }
  if (code === "roomFull") return { stage: "failed", message: "It is full. Try again when somebody has left." };
  return { stage: "failed", message: error instanceof Error ? error.message : String(error) };
}
