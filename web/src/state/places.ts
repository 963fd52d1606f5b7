// How far this person has read each room. In storage, so that all tabs share it. Within an epoch, a place only moves forward.
import { signal } from "@preact/signals";
import type { LogPosition } from "../../../client/src/index.ts";
import { onStorageChange } from "../browser/storage.ts";
import { roomStore } from "./room-store.ts";

export interface Place extends LogPosition {
  /** Of the person who read it: another one in this browser has read nothing. */
  readonly userId: string;
}

/** More than there are rooms of yours. Those that were left and conversations are here too; the server knows the places in the latter. */
const stored = roomStore<Place>("read", 200);

const places = signal(stored.all());

onStorageChange(() => {
  const before = places.peek();
  const entries = [...stored.all()].map(([roomId, place]) => [roomId, keepIfSame(before.get(roomId), place)] as const);
  places.value = new Map(entries);
});

/** Undefined if this person has not read the room. The same object until they read on. */
export function placeIn(roomId: string, userId: string): Place | undefined {
  const place = places.value.get(roomId);
  return place?.userId === userId ? place : undefined;
}

/** Ignores a place before the one that this or another tab has stored. */
export function moveTo(roomId: string, place: Place): void {
  const current = stored.load(roomId);
  if (current?.userId === place.userId && current.epoch === place.epoch && current.seq >= place.seq) return;
  stored.save(roomId, place);
  places.value = new Map(places.peek()).set(roomId, place);
}

function keepIfSame(before: Place | undefined, place: Place): Place {
  const isSame = before?.userId === place.userId && before.epoch === place.epoch && before.seq === place.seq;
  return isSame ? before : place;
}
