// Recently joined rooms. The lobby does not list unlisted rooms, so without this a lost link is a lost room.
import { storedRooms } from "./stored-rooms.ts";

export interface RecentRoom {
  roomId: string;
  name: string;
}

const { rooms, add, remove } = storedRooms<RecentRoom>("recent", 8);

export { add as addRecentRoom, remove as removeRecentRoom, rooms as recentRooms };
