// This person's edits, deletions and reactions that are unconfirmed or were refused, shown below the message.
import { signal } from "@preact/signals";
import type { MessageRef, Room } from "../../../client/src/index.ts";
import { errorText, messageErrorText } from "../text/error-text.ts";
import { type Mentioned, mentionsIn } from "../text/mentions.ts";
import { announce } from "./announcer.ts";

export interface PendingChange {
  /** Why it was refused; absent while unconfirmed. */
  error?: string;
  /** The new text of an edit, and who was chosen to be mentioned in it. */
  text?: string;
  mentioned?: readonly Mentioned[];
}

/** The latest change of each message. */
const pendingChanges = signal<ReadonlyMap<string, PendingChange>>(new Map());

export function pendingChangeOf(room: Room, message: MessageRef): PendingChange | undefined {
  return pendingChanges.value.get(key(room, message));
}

export function editMessage(room: Room, message: MessageRef, text: string, mentioned: readonly Mentioned[]): void {
  void track(room, message, { text, mentioned }, room.edit(message, text, mentionsIn(text, mentioned)));
}

export function deleteMessage(room: Room, message: MessageRef): void {
  void track(room, message, {}, room.delete(message));
}

export function react(room: Room, message: MessageRef, emoji: string, on: boolean): void {
  void track(room, message, {}, room.react(message, emoji, on));
}

export function dismissFailedChange(room: Room, message: MessageRef): void {
  set(room, message, undefined);
}

async function track(room: Room, message: MessageRef, change: PendingChange, confirmed: Promise<void>): Promise<void> {
  set(room, message, change);
  let failed: PendingChange | undefined;
  try {
    await confirmed;
  } catch (error) {
    failed = { ...change, error: change.text === undefined ? errorText(error) : messageErrorText(error) };
    announce(`Change not saved. ${failed.error}`);
  }
  // A later change of the same message may have replaced this one.
  if (pendingChanges.peek().get(key(room, message)) === change) set(room, message, failed);
}

function set(room: Room, message: MessageRef, change: PendingChange | undefined): void {
  const next = new Map(pendingChanges.peek());
  if (change) next.set(key(room, message), change);
  else next.delete(key(room, message));
  pendingChanges.value = next;
}

/** Includes the epoch: the same number in another epoch is another message. */
function key(room: Room, { epoch, seq }: MessageRef): string {
  return `${room.id} ${epoch} ${seq}`;
}
