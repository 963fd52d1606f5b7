// Waits until own messages in a room are no longer pending.

import type { Room } from "../../client/src/index.ts";

/** Leaves a room once nothing is pending. */
export async function leaveSettled(room: Room): Promise<void> {
  await hasAtMostPending(room, 0);
  await room.leave();
}

/** Resolves when at most `count` of the newest messages are pending. */
export function hasAtMostPending(room: Room, count: number): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      const newest = room.messages.slice(-count - 1);
      if (newest.length > count && newest.every(({ status }) => status === "pending")) return;
      stop();
      resolve();
    };
    const stop = room.on("change", check);
    check();
  });
}
