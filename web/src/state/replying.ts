// The message that the composer's text will answer. It is part of the room's draft.
import { effect, signal } from "@preact/signals";
import type { Position, Room, RoomMessage } from "../../../client/src/index.ts";
import { announce } from "./announcer.ts";
import { getDraft, updateDraft } from "./drafts.ts";
import { stopEditing } from "./editing.ts";
import { epoch } from "./joined-room.ts";

export const replyingTo = signal<Position | undefined>(undefined);

export function startReply(room: Room, { epoch, seq }: RoomMessage): void {
  if (epoch === undefined || seq === undefined) return;
  stopEditing();
  replyingTo.value = { epoch, seq };
  updateDraft(room.id, { replyTo: replyingTo.value });
}

export function stopReplying(room: Room): void {
  replyingTo.value = undefined;
  updateDraft(room.id, { replyTo: undefined });
}

/** Goes on with the room's draft, until the returned function is called. */
export function resumeReply(room: Room): () => void {
  const { replyTo } = getDraft(room.id);
  replyingTo.value = replyTo;
  const stop = effect(() => {
    if (!replyingTo.value || replyingTo.value.epoch === epoch.value) return;
    stopReplying(room);
    announce("The message you were replying to was deleted");
  });
  return () => {
    stop();
    replyingTo.value = undefined;
  };
}
