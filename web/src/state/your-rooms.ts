// The rooms to go back to: those one was in lately, and those where one's messages are not sent yet.
import { computed } from "@preact/signals";
import { outbox } from "./outbox.ts";
import { type RecentRoom, recentRooms } from "./recent-rooms.ts";

export const yourRooms = computed<readonly RecentRoom[]>(() => {
  const rooms = new Map(recentRooms.value.map((room) => [room.roomId, room]));
  for (const { roomId, roomName } of outbox.value) {
    if (!rooms.has(roomId)) rooms.set(roomId, { roomId, name: roomName });
  }
  return [...rooms.values()];
});
