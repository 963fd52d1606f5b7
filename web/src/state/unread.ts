// How far this person has read, and where the new messages begin that came while they were away or further up.
import { batch, computed, signal } from "@preact/signals";
import type { LogPosition, Room } from "../../../client/src/index.ts";
import { epoch, firstSeq, lastSeq, messages, yourId } from "./joined-room.ts";
import { moveTo, placeIn } from "./places.ts";
import { isUnread } from "./room-activity.ts";

const roomId = signal("");

/** Up to where this person has read, in this or another tab. */
const lastRead = computed<LogPosition>(() => placeIn(roomId.value, yourId.value) ?? { epoch: "", seq: 0 });

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
  });
  if (placeIn(room.id, room.you.userId)?.epoch === room.epoch) markNew();
  else markRead();
}

export function markRead(): void {
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
  newAfter.value = undefined;
}

/** Call it when the page is hidden. */
export function leftPage(): void {
  if (unread.value === 0 && isDividerSeen.value) forgetNew();
}

function inThisLog(position: LogPosition | undefined): LogPosition | undefined {
  return position?.epoch === epoch.value ? position : undefined;
}
