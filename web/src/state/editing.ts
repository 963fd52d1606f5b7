// Which message is being edited in the composer, and which message's action menu is open.
import { effect, signal } from "@preact/signals";
import type { MessageRef, RoomMessage } from "../../../client/src/index.ts";
import type { Mentioned } from "../text/mentions.ts";
import { announce } from "./announcer.ts";
import { epoch, messages, yourId } from "./joined-room.ts";
import { mentionedBy } from "./names.ts";

interface Editing {
  message: MessageRef;
  currentText: string;
  /** What the composer starts with: the current text, or an edit that was refused. */
  initialText: string;
  mentioned: readonly Mentioned[];
}

export const editing = signal<Editing | undefined>(undefined);

export function startEditing(
  message: RoomMessage,
  initialText = message.text,
  mentioned: readonly Mentioned[] = mentionedBy(message),
): void {
  if (message.seq !== undefined) editing.value = { message, currentText: message.text, initialText, mentioned };
}

export function startEditingLast(): void {
  const you = yourId.peek();
  const last = messages
    .peek()
    .findLast(({ from, seq, deletedAt }) => from.userId === you && seq !== undefined && !deletedAt);
  if (last) startEditing(last);
}

export function stopEditing(): void {
  editing.value = undefined;
}

/** `toolbar` is for touch only: with a mouse or keyboard, the toolbar appears on hover or focus. */
export type ActionMenu = { message: MessageRef; mode: "toolbar" | "reactions" | "confirmDelete" };

/** The message for which an emoji is being chosen, among all. */
export const reactingTo = signal<RoomMessage | undefined>(undefined);

export const actionMenu = signal<ActionMenu | undefined>(undefined);

export function closeActionMenu(): void {
  actionMenu.value = undefined;
}

/** Compares epochs too: the same number in another epoch is another message. */
export function isSameMessage(one: MessageRef | undefined, other: MessageRef): boolean {
  return one !== undefined && one.seq === other.seq && one.epoch === other.epoch;
}

/** Closes the editor and the menu when the room is cleared, which deletes their message. */
export function stopEditingWhenCleared(): void {
  effect(() => {
    if (actionMenu.value && actionMenu.value.message.epoch !== epoch.value) closeActionMenu();
    if (reactingTo.value && reactingTo.value.epoch !== epoch.value) reactingTo.value = undefined;
    if (editing.value && editing.value.message.epoch !== epoch.value) {
      stopEditing();
      announce("The message you were editing was deleted");
    }
  });
}
