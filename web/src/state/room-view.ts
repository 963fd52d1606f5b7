// What the page shows for the room in the address: loading, a name form, the joined room, or why it cannot be joined.
import { effect, signal } from "@preact/signals";
import {
  isConversation,
  type LeaveReason,
  ParlorError,
  type ParlorErrorCode,
  type Restriction,
  type Room,
  type RoomInfo,
} from "../../../client/src/index.ts";
import { endingText, isRoomOver } from "../text/ending-text.ts";
import { errorText, isRefusal } from "../text/error-text.ts";
import { signInFinished } from "./account.ts";
import { announce } from "./announcer.ts";
import { displayName, proposeName, publicApi, rejectName, setDisplayName, suggestedName } from "./identity.ts";
import { trackRoom } from "./joined-room.ts";
import { account } from "./known-account.ts";
import { logTarget, resumePlace } from "./log-target.ts";
import { forgetPass, passFor } from "./passes.ts";
import { trackEnd } from "./room-end.ts";
import { acquireRoom, type RoomHandle } from "./room-handles.ts";
import { roomInAddress, route } from "./route.ts";
import { resumeReading } from "./unread.ts";
import { removeYourRoom, visitRoom } from "./your-rooms.ts";

export type RoomView =
  | { stage: "opening" }
  | { stage: "choosingName"; summary: RoomInfo; refusal?: JoinRefusal }
  /** `ended`: why this person is out of the room. The log is still readable. */
  | { stage: "joined"; room: Room; ended?: LeaveReason; restriction?: Restriction }
  | { stage: "gone"; why: "unknown" | "closed" }
  | { stage: "banned"; ban: Pick<ParlorError, "until" | "explanation"> }
  | { stage: "failed"; message: string };

export interface JoinRefusal {
  name: string;
  code: ParlorErrorCode;
}

/** Refusals that the form before the room explains, because the person can do something about them there. */
const formRefusals: readonly ParlorErrorCode[] = ["invalidField", "nameTaken", "passRequired", "roomFull"];

export const roomView = signal<RoomView>({ stage: "opening" });

/** Aborted when the person navigates away; later results of this visit are then ignored. */
let visit = new AbortController();

export function trackRoomView(): void {
  effect(() => {
    visit.abort();
    const roomId = roomInAddress.value;
    if (roomId !== undefined) openRoom(roomId);
  });
  effect(() => {
    const seq = route.value.view === "room" ? route.value.seq : undefined;
    logTarget.value = seq === undefined ? undefined : { seq };
  });
  // After signing out, a person enters again as a guest: what they write before the room knows the guest would not be sent.
  let wasSignedIn = false;
  effect(() => {
    const isSignedIn = account.value !== undefined;
    const roomId = roomInAddress.peek();
    if (wasSignedIn && !isSignedIn && roomId !== undefined) openRoom(roomId);
    wasSignedIn = isSignedIn;
  });
  // Follows a name chosen in another tab. Otherwise this tab, if offline, would rejoin under the old name.
  effect(() => {
    const view = roomView.value;
    const name = displayName.value;
    if (view.stage !== "joined" || view.ended !== undefined || isConversation(view.room.id)) return;
    if (name === undefined || name === view.room.you.name) return;
    view.room.rename(name).catch(() => {});
  });
}

/** Opens the room that the address names from scratch, with a name just chosen or the stored one. */
export function openRoom(roomId: string, chosenName?: string): void {
  const current = route.peek();
  if (current.view !== "room" || current.roomId !== roomId) return;
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
  await signInFinished;
  // Members have a name in each conversation already.
  const name = chosenName ?? displayName.peek() ?? (isConversation(roomId) ? suggestedName : undefined);
  if (chosenName !== undefined) await proposeName(chosenName);
  const handle = name === undefined ? undefined : await acquireUnlessRefused(roomId, name);
  if (!handle || handle instanceof ParlorError) {
    const refusal = handle && { refusal: { name: name ?? "", code: handle.code } };
    show({ stage: "choosingName", summary: await summaryOf(roomId), ...refusal });
    if (handle?.code === "roomFull" && !ended.aborted) announce(errorText(handle));
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
    announceEvents(room),
    trackEnd(room),
    room.on("left", (reason, restriction) => {
      announce(endingText(reason));
      if (isRoomOver(reason)) forgetRoom(roomId);
      show({ stage: "joined", room, ended: reason, restriction });
    }),
  ];
  ended.addEventListener("abort", () => {
    for (const stop of stops) stop();
    handle.release();
  });
  if (!isConversation(roomId)) visitRoom(roomId, room.name);
  resumeReading(room);
  resumePlace(room);
  show({ stage: "joined", room });
}

/** The announcer arrives with the notes of the room. */
function announceEvents(room: Room): () => void {
  let stop = () => {};
  let hasStopped = false;
  import("./room-announcements.ts").then(
    ({ announceRoom }) => {
      if (!hasStopped) stop = announceRoom(room);
    },
    () => {},
  );
  return () => {
    hasStopped = true;
    stop();
  };
}

async function summaryOf(roomId: string): Promise<RoomInfo> {
  const api = await publicApi();
  const pass = passFor(roomId);
  if (pass === undefined) return await api.room(roomId);
  try {
    return await api.room(roomId, { pass });
  } catch (error) {
    if (!isRefusal(error, "passRequired")) throw error;
    forgetPass(roomId, pass);
    return await api.room(roomId);
  }
}

/** Returns the refusal if the form can explain it. `invalidField` cannot mean the room's id, which the route has checked. */
async function acquireUnlessRefused(roomId: string, name: string): Promise<RoomHandle | ParlorError> {
  try {
    return await acquireRoom(roomId, name);
  } catch (error) {
    if (!(error instanceof ParlorError && formRefusals.includes(error.code))) throw error;
    if (error.code === "invalidField") rejectName(name);
    return error;
  }
}

function viewAfterError(roomId: string, error: unknown): RoomView {
  const code = error instanceof ParlorError ? error.code : undefined;
  if (code === "roomNotFound" || code === "roomClosed") {
    forgetRoom(roomId);
    return { stage: "gone", why: code === "roomNotFound" ? "unknown" : "closed" };
  }
  return code === "banned" && error instanceof ParlorError
    ? { stage: "banned", ban: error }
    : { stage: "failed", message: errorText(error) };
}

/** Drops what would lead back to a room that is over. */
function forgetRoom(roomId: string): void {
  removeYourRoom(roomId);
  forgetPass(roomId, passFor(roomId));
}
