// How far this person has read, and where the new messages begin that came while they were away or further up.
import { batch, computed, signal } from "@preact/signals";
import { isConversation, type LogPosition, type Room } from "../../../client/src/index.ts";
import { epoch, firstSeq, lastSeq, messages, yourId } from "./joined-room.ts";
import { moveTo, placeIn } from "./places.ts";
import { isUnread } from "./room-activity.ts";

const roomId = signal("");

/** Whether this person marked a message as unread here: nothing counts as read until they write or come back. */
const keepsUnread = signal(false);
/** What counts as read although more was, because a message was marked as unread, here or on another device. */
const movedBack = signal<LogPosition | undefined>(undefined);

/** Up to where this person has read, in this or another tab. */
const lastRead = computed<LogPosition>(
  () => movedBack.value ?? placeIn(roomId.value, yourId.value) ?? { epoch: "", seq: 0 },
);

/** The room and up to where it was read in this tab. */
export const readHere = computed(() => ({ roomId: roomId.value, seq: inThisLog(lastRead.value)?.seq ?? 0 }));

/** How many messages of other people came after `lastRead`. */
export const unread = computed(() => messages.value.filter(isUnread(inThisLog(lastRead.value)?.seq ?? 0)).length);

/** What had been read when the messages came that are marked as new. */
const newAfter = signal<LogPosition | undefined>(undefined);

/** Whether the line before the new messages has been on screen. */
const isDividerSeen = signal(false);

const dividerAfter = computed(() => inThisLog(newAfter.value)?.seq);

/** The number of the message that the line "New messages" precedes. Undefined also while it has not been loaded. */
export const dividerSeq = computed(() => {
  const after = dividerAfter.value;
  if (after === undefined || firstSeq.value > after + 1) return undefined;
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
  batch(() => {
    roomId.value = room.id;
    newAfter.value = undefined;
    keepsUnread.value = false;
    movedBack.value = undefined;
    if (isConversation(room.id)) {
      // A conversation's marker is the same on all devices.
      const marker = { epoch: room.epoch, seq: room.read };
      moveTo(room.id, { ...marker, userId: room.you.userId });
      if ((inThisLog(placeIn(room.id, room.you.userId))?.seq ?? 0) > room.read) movedBack.value = marker;
    }
  });
  if (placeIn(room.id, room.you.userId)?.epoch === room.epoch) markNew();
  else markRead();
}

export function markRead(): void {
  if (keepsUnread.value) return;
  movedBack.value = undefined;
  moveTo(roomId.peek(), { epoch: epoch.value, seq: lastSeq.value, userId: yourId.value });
}

/** Puts the line before the first unread message, if there is one. */
export function markNew(): void {
  const { epoch, seq } = lastRead.peek();
  const before = newAfter.peek();
  if (unread.value === 0 || (before?.epoch === epoch && before.seq === seq)) return;
  newAfter.value = { epoch, seq };
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
    movedBack.value = { epoch: epoch.peek(), seq: seq - 1 };
  });
  markNew();
}

/** Call it when the page is hidden. */
export function leftPage(): void {
  if (unread.value === 0 && isDividerSeen.value) forgetNew();
}

function inThisLog(position: LogPosition | undefined): LogPosition | undefined {
  return position?.epoch === epoch.value ? position : undefined;
}
