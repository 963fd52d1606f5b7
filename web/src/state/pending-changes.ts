// One's changes of messages that are not through yet, or were refused; each is shown at its message.
import { signal } from "@preact/signals";
import type { MessageRef, Room } from "../../../client/src/index.ts";
import { refused, refusedText } from "../text/error-text.ts";
import { announce } from "./announcer.ts";

export interface Attempt {
  /** Why it was refused; absent while it is on its way. */
  error?: string;
  /** What the message was to become, if it was edited. */
  text?: string;
}

const attempts = signal<ReadonlyMap<string, Attempt>>(new Map());

export function attemptAt(room: Room, message: MessageRef): Attempt | undefined {
  return attempts.value.get(key(room, message));
}

export function edit(room: Room, message: MessageRef, text: string): void {
  void follow(room, message, { text }, room.edit(message, text));
}

export function remove(room: Room, message: MessageRef): void {
  void follow(room, message, {}, room.delete(message));
}

export function react(room: Room, message: MessageRef, emoji: string, on: boolean): void {
  void follow(room, message, {}, room.react(message, emoji, on));
}

export function dismiss(room: Room, message: MessageRef): void {
  set(room, message, undefined);
}

async function follow(room: Room, message: MessageRef, attempt: Attempt, done: Promise<void>): Promise<void> {
  set(room, message, attempt);
  let failed: Attempt | undefined;
  try {
    await done;
  } catch (error) {
    failed = { ...attempt, error: attempt.text === undefined ? refused(error) : refusedText(error) };
    announce(`Not changed. ${failed.error}`);
  }
  // A later one has taken its place.
  if (attempts.peek().get(key(room, message)) === attempt) set(room, message, failed);
}

function set(room: Room, message: MessageRef, attempt: Attempt | undefined): void {
  const next = new Map(attempts.peek());
  if (attempt) next.set(key(room, message), attempt);
  else next.delete(key(room, message));
  attempts.value = next;
}

/** The same number in another epoch is another message. */
function key(room: Room, { epoch, seq }: MessageRef): string {
  return `${room.id} ${epoch} ${seq}`;
}
