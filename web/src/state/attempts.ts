// One's changes of messages that are not through yet, or were refused; each is shown at its message.
import { signal } from "@preact/signals";
import type { Room } from "../../../client/src/index.ts";
import { announce } from "./announcer.ts";

export interface Attempt {
  /** Why it was refused; absent while it is on its way. */
  error?: string;
  /** What the message was to become, if it was edited. */
  text?: string;
}

const attempts = signal<ReadonlyMap<string, Attempt>>(new Map());

export function attemptAt(room: Room, seq: number): Attempt | undefined {
  return attempts.value.get(key(room, seq));
}

export function edit(room: Room, seq: number, text: string): void {
  void follow(room, seq, { text }, room.edit(seq, text));
}

export function remove(room: Room, seq: number): void {
  void follow(room, seq, {}, room.delete(seq));
}

export function react(room: Room, seq: number, emoji: string, on: boolean): void {
  void follow(room, seq, {}, room.react(seq, emoji, on));
}

export function dismiss(room: Room, seq: number): void {
  set(room, seq, undefined);
}

async function follow(room: Room, seq: number, attempt: Attempt, done: Promise<void>): Promise<void> {
  set(room, seq, attempt);
  let refused: Attempt | undefined;
  try {
    await done;
  } catch (error) {
    refused = { ...attempt, error: error instanceof Error ? error.message : String(error) };
    announce(`Not changed. ${refused.error}`);
  }
  // A later one has taken its place.
  if (attempts.peek().get(key(room, seq)) === attempt) set(room, seq, refused);
}

function set(room: Room, seq: number, attempt: Attempt | undefined): void {
  const next = new Map(attempts.peek());
  if (attempt) next.set(key(room, seq), attempt);
  else next.delete(key(room, seq));
  attempts.value = next;
}

function key(room: Room, seq: number): string {
  return `${room.id} ${seq}`;
}
