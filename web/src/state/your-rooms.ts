// The rooms listed as yours: recently joined ones, and those with unsent messages.
import { computed } from "@preact/signals";
import { isConversation } from "./conversation-name.ts";
import { outbox } from "./outbox.ts";
import { type RecentRoom, recentRooms } from "./recent-rooms.ts";

export const yourRooms = computed<readonly RecentRoom[]>(() => {
  const rooms = new Map(recentRooms.value.map((room) => [room.roomId, room]));
  for (const { roomId, roomName } of outbox.value) {
    if (!rooms.has(roomId) && !isConversation(roomId)) rooms.set(roomId, { roomId, name: roomName });
  }
  return [...rooms.values()];
});
