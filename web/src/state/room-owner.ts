// Who owns the joined room, as far as this page can tell: no frame says it.
import { computed } from "@preact/signals";
import { notices, roomDetails, yourId } from "./joined-room.ts";
import { isOwner } from "./owned-rooms.ts";

/** Undefined if the room was not created in this browser and its owner has changed nothing that is loaded. */
export const ownerId = computed(() => {
  const roomId = roomDetails.value?.roomId;
  if (roomId !== undefined && isOwner(roomId, yourId.value)) return yourId.value;
  // Only the owner can do what a notice tells.
  return notices.value.at(-1)?.by.userId;
});
