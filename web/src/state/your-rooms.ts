// The rooms listed as yours, in this browser's storage. The lobby does not list unlisted rooms, so without this list a lost
// link is a lost room. Pinned rooms come first; otherwise rooms stay in the order in which they were first opened.
import { computed, signal } from "@preact/signals";
import { isConversation } from "../../../client/src/index.ts";
import { itemKeys, loadItem, onStorageChange, removeItem, saveItem } from "../browser/storage.ts";
import { outbox } from "./outbox.ts";

export interface YourRoom {
  readonly roomId: string;
  readonly name: string;
  /** Its place in the list. A counter and not a time: a wrong clock must not move a room. */
  readonly order: number;
  /** A counter too: the room opened last has the highest. */
  readonly visit: number;
  readonly isPinned: boolean;
  readonly isMuted: boolean;
  /** Whether to notify this person of every message, not only of those that mention them. */
  readonly notifiesAll?: boolean;
}

/** A connection may join 50. One place stays for a room that is about to be opened. */
export const MOST_ROOMS = 49;

const PREFIX = "recent.";

const stored = signal(read());

onStorageChange(reload);

/** Also has the rooms that only unsent messages lead to; those come last. */
export const yourRooms = computed<readonly YourRoom[]>(() => {
  const rooms = [...stored.value].sort(inListOrder);
  for (const { roomId, roomName } of outbox.value) {
    if (isConversation(roomId) || rooms.some((room) => room.roomId === roomId)) continue;
    rooms.push({ roomId, name: roomName, order: Number.MAX_SAFE_INTEGER, visit: 0, isPinned: false, isMuted: false });
  }
  return rooms;
});

/** The rooms of the list that this person has opened and not left. */
export const listedRooms = computed<readonly YourRoom[]>(() => [...stored.value].sort(inListOrder));

/** Puts a room that was opened into the list, if it is not there. The one unused for longest makes room, pinned ones last. */
export function visitRoom(roomId: string, name: string): void {
  const rooms = read();
  const others = rooms.filter((room) => room.roomId !== roomId);
  const known = rooms.find((room) => room.roomId === roomId);
  const next = (counts: number[]) => Math.max(0, ...counts) + 1;
  const order = known?.order ?? next(others.map((room) => room.order));
  const visit = next(others.map((room) => room.visit));
  save({ isPinned: false, isMuted: false, ...known, roomId, name, order, visit });
  const byUse = others.sort((one, other) => Number(other.isPinned) - Number(one.isPinned) || other.visit - one.visit);
  for (const room of byUse.slice(MOST_ROOMS - 1)) removeItem(PREFIX + room.roomId);
  reload();
}

/** Changes what is stored about a room of the list, if it is there. */
export function updateYourRoom(
  roomId: string,
  changes: Partial<Pick<YourRoom, "name" | "isPinned" | "isMuted" | "notifiesAll">>,
): void {
  const room = read().find((each) => each.roomId === roomId);
  if (!room) return;
  save({ ...room, ...changes });
  reload();
}

/** Returns the entry, for `restoreYourRoom`. */
export function removeYourRoom(roomId: string): YourRoom | undefined {
  const room = read().find((each) => each.roomId === roomId);
  removeItem(PREFIX + roomId);
  reload();
  return room;
}

/** Puts an entry back into its place. */
export function restoreYourRoom(room: YourRoom): void {
  save(room);
  reload();
}

function save(room: YourRoom): void {
  saveItem(PREFIX + room.roomId, room);
}

function read(): YourRoom[] {
  return itemKeys(PREFIX).flatMap((roomId) => {
    const entry = loadItem<YourRoom>(PREFIX + roomId);
    if (typeof entry?.name !== "string" || typeof entry.order !== "number") return [];
    const { name, order, visit = order, isPinned = false, isMuted = false, notifiesAll = false } = entry;
    return [{ roomId, name, order, visit, isPinned, isMuted, notifiesAll }];
  });
}

function reload(): void {
  const current = read();
  if (JSON.stringify(current) !== JSON.stringify(stored.peek())) stored.value = current;
}

function inListOrder(one: YourRoom, other: YourRoom): number {
  return Number(other.isPinned) - Number(one.isPinned) || one.order - other.order;
}
