// Leaves a room of yours, and takes that back.
import { signal } from "@preact/signals";
import { announce } from "./announcer.ts";
import { lobbyHref, roomInAddress } from "./route.ts";
import { removeYourRoom, restoreYourRoom, type YourRoom } from "./your-rooms.ts";

/** The room that was left last, until the person dismisses it. */
export const leftRoom = signal<YourRoom | undefined>(undefined);

export function leaveRoom(roomId: string): void {
  leftRoom.value = removeYourRoom(roomId);
  if (roomInAddress.peek() === roomId) location.hash = lobbyHref;
  if (leftRoom.value) announce(`You left ${leftRoom.value.name}`);
}

export function undoLeave(): void {
  const room = leftRoom.peek();
  if (!room) return;
  restoreYourRoom(room);
  leftRoom.value = undefined;
  announce(`${room.name} is back in your list`);
}
