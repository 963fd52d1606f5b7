// Rooms this person was in lately. Unlisted ones are in no list, so without this a lost link is a lost room.
import { signal } from "@preact/signals";
import { recall, remember } from "./storage.ts";

export interface RecentRoom {
  roomId: string;
  name: string;
}

const KEPT = 8;

export const recentRooms = signal<readonly RecentRoom[]>(recall("recent") ?? []);

export function rememberRoom(room: RecentRoom): void {
  save([room, ...others(room.roomId)].slice(0, KEPT));
}

export function forgetRoom(roomId: string): void {
  save(others(roomId));
}

function others(roomId: string): RecentRoom[] {
  return recentRooms.peek().filter((room) => room.roomId !== roomId);
}

function save(list: readonly RecentRoom[]): void {
  recentRooms.value = list;
  remember("recent", list);
}
