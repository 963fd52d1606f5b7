// The rooms that were made here: their owner may delete what anybody says in them.
import { recall, remember } from "./storage.ts";

interface OwnedRoom {
  roomId: string;
  /** Who made it; a new guest token is somebody else. */
  userId: string;
}

const KEPT = 50;

export function rememberOwned(room: OwnedRoom): void {
  remember("owned", [room, ...owned()].slice(0, KEPT));
}

export function isOwner(roomId: string, userId: string): boolean {
  return owned().some((room) => room.roomId === roomId && room.userId === userId);
}

function owned(): OwnedRoom[] {
  return recall("owned") ?? [];
}
