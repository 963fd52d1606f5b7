// What one is about to change: the message in the composer, and the one whose actions are open.
import { effect, signal } from "@preact/signals";
import type { MessageRef, RoomMessage } from "../../../client/src/index.ts";
import { announce } from "./announcer.ts";
import { about, epoch, messages } from "./joined-room.ts";

interface Editing {
  message: MessageRef;
  /** What the message says now, and what the composer starts with. */
  before: string;
  text: string;
}

export const editing = signal<Editing | undefined>(undefined);

export function startEditing(message: RoomMessage, text = message.text): void {
  if (message.seq !== undefined) editing.value = { message, before: message.text, text };
}

export function startEditingLast(): void {
  const you = about.peek()?.you.userId;
  const last = messages
    .peek()
    .findLast(({ from, seq, deletedAt }) => from.userId === you && seq !== undefined && !deletedAt);
  if (last) startEditing(last);
}

export function stopEditing(): void {
  editing.value = undefined;
}

/** `tools` is only for touch: a mouse and the keyboard find them by themselves. */
export type Acting = { message: MessageRef; mode: "tools" | "reacting" | "deleting" };

export const acting = signal<Acting | undefined>(undefined);

export function closeActions(): void {
  acting.value = undefined;
}

/** The same number in another epoch is another message. */
export function isSame(one: MessageRef | undefined, other: MessageRef): boolean {
  return one !== undefined && one.seq === other.seq && one.epoch === other.epoch;
}

/** A message that was deleted with its log is no longer there to be changed. */
export function endWithEpoch(): void {
  effect(() => {
    if (acting.value && acting.value.message.epoch !== epoch.value) closeActions();
    if (editing.value && editing.value.message.epoch !== epoch.value) {
      stopEditing();
      announce("The message that you were editing was deleted");
    }
  });
}
