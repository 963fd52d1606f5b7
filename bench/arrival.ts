// When a message is there.

import type { Room } from "../client/src/index.ts";

/** When the room tells its application of the message, as `performance.now()` counts. */
export function arrival(room: Room, id: string): Promise<number> {
  return new Promise((resolve) => {
    const stop = room.on("message", (message) => {
      if (message.id !== id) return;
      stop();
      resolve(performance.now());
    });
  });
}
