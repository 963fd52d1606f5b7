// How far this person has read, and where the new messages begin that came while they were away or further up.
import { batch, computed, signal } from "@preact/signals";
import type { Room, RoomMessage } from "../../../client/src/index.ts";
import { isConversation } from "./conversation-name.ts";
import { epoch, hasOlder, messages, yourId } from "./joined-room.ts";
import { roomStore } from "./room-store.ts";

interface Position {
  epoch: string;
  seq: number;
}

/** Of the guest who read it: another guest on this machine has read nothing. */
const positions = roomStore<Position & { userId: string }>("read", 50);

const roomId = signal("");

/** The newest number that was on screen while the page was visible. */
const lastRead = signal<Position>({ epoch: "", seq: 0 });
/** Whether this person marked a message as unread here: nothing counts as read until they write or come back. */
const keepsUnread = signal(false);

/** The room and up to where it was read in this tab. */
export const readHere = computed(() => ({ roomId: roomId.value, seq: inThisLog(lastRead.value)?.seq ?? 0 }));
const newestSeq = computed(() => messages.value.findLast((message) => message.seq !== undefined)?.seq ?? 0);

const isUnread =
  (after: number) =>
  ({ own, seq = 0, deletedAt }: RoomMessage) =>
    !own && seq > after && !deletedAt;

/** How many messages of other people came after `lastRead`. */
export const unread = computed(() => messages.value.filter(isUnread(inThisLog(lastRead.value)?.seq ?? 0)).length);

/** What had been read when the messages came that are marked as new. */
const newAfter = signal<Position | undefined>(undefined);

/** Whether the line before the new messages has been on screen. */
const isDividerSeen = signal(false);

const dividerAfter = computed(() => inThisLog(newAfter.value)?.seq);

/** The number of the message that the line "New messages" precedes. Undefined also while it has not been loaded. */
export const dividerSeq = computed(() => {
  const after = dividerAfter.value;
  if (after === undefined || (hasOlder.value && (messages.value[0]?.seq ?? 0) > after + 1)) return undefined;
  return messages.value.find(isUnread(after))?.seq;
});

/** The number to go to, while everything has been read but the line, which is further up. */
export const newSeqAbove = computed(() => {
  const after = dividerAfter.value;
  const isAbove = after !== undefined && !isDividerSeen.value && unread.value === 0;
  return isAbove && messages.value.some(isUnread(after)) ? (dividerSeq.value ?? after + 1) : undefined;
});

/** Continues where this person stopped reading the room, if that is known. Call it once the room is tracked. */
export function resumeReading(room: Room): void {
  const stored = positions.load(room.id);
  batch(() => {
    roomId.value = room.id;
    newAfter.value = undefined;
    keepsUnread.value = false;
    // A conversation's marker is the same on all devices.
    if (isConversation(room.id)) lastRead.value = { epoch: room.epoch, seq: room.read };
    else if (stored?.userId === room.you.userId && stored.epoch === room.epoch) lastRead.value = stored;
    else markRead();
  });
  markNew();
}

export function markRead(): void {
  const { epoch: readEpoch, seq } = lastRead.peek();
  if (keepsUnread.value) return;
  if (readEpoch === epoch.value && seq === newestSeq.value) return;
  lastRead.value = { epoch: epoch.value, seq: newestSeq.value };
  positions.save(roomId.peek(), { ...lastRead.value, userId: yourId.peek() });
}

/** Puts the line before the first unread message, if there is one. */
export function markNew(): void {
  if (unread.value === 0 || newAfter.peek() === lastRead.peek()) return;
  newAfter.value = lastRead.peek();
  isDividerSeen.value = false;
}

export function dividerSeen(): void {
  isDividerSeen.value = true;
}

/** Removes the line: this person has answered, or has seen it and left. */
export function forgetNew(): void {
  keepsUnread.value = false;
  newAfter.value = undefined;
}

/** Marks a message and what follows as unread in this tab. */
export function keepUnread(seq: number): void {
  batch(() => {
    keepsUnread.value = true;
    lastRead.value = { epoch: epoch.peek(), seq: seq - 1 };
  });
  markNew();
}

/** Call it when the page is hidden. */
export function leftPage(): void {
  if (unread.value === 0 && isDividerSeen.value) forgetNew();
}

function inThisLog(position: Position | undefined): Position | undefined {
  return position?.epoch === epoch.value ? position : undefined;
}
