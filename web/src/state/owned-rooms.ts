// The rooms that were made here: their owner may delete what anybody says in them.
import { storedList } from "./stored-rooms.ts";

interface OwnedRoom {
  roomId: string;
  /** Who made it; a new guest token is somebody else. */
  userId: string;
}

const { rooms, put } = storedList<OwnedRoom>("owned", 50);

export { put as rememberOwned };

export function isOwner(roomId: string, userId: string): boolean {
  return rooms.value.some((room) => room.roomId === roomId && room.userId === userId);
}
