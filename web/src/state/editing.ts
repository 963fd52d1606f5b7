// What one is about to change: the message in the composer, and the one whose actions are open.
import { signal } from "@preact/signals";
import type { RoomMessage } from "../../../client/src/index.ts";
import { messages } from "./conversation.ts";

interface Editing {
  seq: number;
  /** What the message says now, and what the composer starts with. */
  before: string;
  text: string;
}

export const editing = signal<Editing | undefined>(undefined);

export function startEditing({ seq, text: before }: RoomMessage, text = before): void {
  if (seq !== undefined) editing.value = { seq, before, text };
}

export function startEditingLast(): void {
  const last = messages.peek().findLast((message) => message.own && message.seq !== undefined && !message.deletedAt);
  if (last) startEditing(last);
}

export function stopEditing(): void {
  editing.value = undefined;
}

/** `tools` is only for touch: a mouse and the keyboard find them by themselves. */
export type Acting = { seq: number; mode: "tools" | "reacting" | "deleting" };

export const acting = signal<Acting | undefined>(undefined);

export function closeActions(): void {
  acting.value = undefined;
}
