// Where the log goes: to a message that a link names, or back to where it was when the room was left.
import { signal } from "@preact/signals";
import type { Room } from "../../../client/src/index.ts";

interface LogTarget {
  /** A number in the log. */
  readonly seq: number;
  /** The distance from the log's top edge, in px. Without it, the message is shown in the middle and focused. */
  readonly top?: number;
}

/** Undefined once the log is there, or has found that it does not exist. It may have to load older messages first. */
export const logTarget = signal<LogTarget | undefined>(undefined);

/** A reader comes back only to where at most this many events have followed. */
const MOST_SINCE = 300;

interface LeftPlace extends Required<LogTarget> {
  readonly epoch: string;
}

/** By room, in this tab. */
const leftPlaces = new Map<string, LeftPlace>();

/** `place` is undefined at the end of the log. */
export function rememberPlace(room: Room, place: Required<LogTarget> | undefined): void {
  if (place) leftPlaces.set(room.id, { ...place, epoch: room.epoch });
  else leftPlaces.delete(room.id);
}

/** Goes back to where the log was when this tab left the room, unless it goes elsewhere already. */
export function resumePlace(room: Room): void {
  const place = leftPlaces.get(room.id);
  if (place?.epoch === room.epoch && room.last - place.seq <= MOST_SINCE) logTarget.value ??= place;
}
