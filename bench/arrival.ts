// Waits for a message to arrive.

import type { Room } from "../client/src/index.ts";

/** Resolves with the time (`performance.now()`) at which the room emits the message. */
export function arrival(room: Room, id: string): Promise<number> {
  return new Promise((resolve) => {
    const stop = room.on("message", (message) => {
      if (message.id !== id) return;
      stop();
      resolve(performance.now());
    });
  });
}
