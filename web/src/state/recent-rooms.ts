// Rooms this person was in lately. Unlisted ones are in no list, so without this a lost link is a lost room.
import { storedList } from "./stored-rooms.ts";

export interface RecentRoom {
  roomId: string;
  name: string;
}

const { rooms, put, remove } = storedList<RecentRoom>("recent", 8);

export { put as rememberRoom, remove as forgetRoom, rooms as recentRooms };
