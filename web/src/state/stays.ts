// The rooms that this tab is in. Several parts of the page may need the same one; the last to release it leaves it.
import type { Room } from "../../../client/src/index.ts";
import { client } from "./connection.ts";

export interface Stay {
  readonly room: Room;
  release(): void;
}

/** How many need each room. */
const stays = new Map<string, number>();

/** Rooms whose `leave` is not answered yet: a `join` must not overtake it. */
const leaving = new Map<string, Promise<void>>();

/** Rejects with a ParlorError when the room cannot be joined under this name. */
export async function stayIn(roomId: string, name: string): Promise<Stay> {
  const current = await client();
  while (leaving.has(roomId)) await leaving.get(roomId);
  const add = (change: number) => {
    const count = (stays.get(roomId) ?? 0) + change;
    stays.set(roomId, count);
    return count;
  };
  add(1);
  try {
    const room = await current.join(roomId, { name });
    return {
      room,
      release() {
        if (add(-1) === 0) leave(room);
      },
    };
  } catch (error) {
    add(-1);
    throw error;
  }
}

function leave(room: Room): void {
  leaving.set(
    room.id,
    room.leave().finally(() => leaving.delete(room.id)),
  );
}
