// Rooms created in this browser. Their owner may delete any message in them.
import { limits } from "../../../client/src/index.ts";
import { storedRooms } from "./stored-rooms.ts";

interface OwnedRoom {
  roomId: string;
  /** Who created it: a new guest in the same browser is not its owner. */
  userId: string;
}

const { rooms, add } = storedRooms<OwnedRoom>("owned", limits.roomsPerPerson);

export { add as addOwnedRoom };

export function isOwner(roomId: string, userId: string): boolean {
  return rooms.value.some((room) => room.roomId === roomId && room.userId === userId);
}
