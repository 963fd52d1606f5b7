// The rooms that this tab is in. Several parts of the page may need the same one; the last to release it leaves it.
import { ParlorError, type Room } from "../../../client/src/index.ts";
import { isRefusal } from "../text/error-text.ts";
import { client } from "./connection.ts";

export interface Stay {
  readonly room: Room;
  release(): void;
}

/** How many need each room that this tab is in. */
const stays = new Map<string, { count: number }>();

/** Rooms whose `leave` is not answered yet: a `join` must not overtake it. */
const leaving = new Map<string, Promise<void>>();

/** Rooms that the server put this person out of. Only the reader goes back, by opening them again. */
const removedFrom = new Set<string>();

/** Rejects with a ParlorError when the room cannot be joined under this name. */
export function stayIn(roomId: string, name: string): Promise<Stay> {
  removedFrom.delete(roomId);
  return stay(roomId, () => name);
}

/** Stays to send what waits. The name is only for a room that the tab is not in: a new one may be on its way there. */
export function stayToSend(roomId: string, name: string): Promise<Stay> {
  return stay(roomId, (isIn) => {
    if (removedFrom.has(roomId)) throw new ParlorError("notJoined", "The server ended the membership.", false);
    return isIn ? undefined : name;
  });
}

async function stay(roomId: string, nameIf: (isIn: boolean) => string | undefined): Promise<Stay> {
  const current = await client();
  while (leaving.has(roomId)) await leaving.get(roomId);
  const name = nameIf(stays.has(roomId));
  const own = stays.get(roomId) ?? { count: 0 };
  stays.set(roomId, own);
  own.count++;
  /** True when nobody needs it any more, and it is the membership that is there now. */
  const release = () => --own.count === 0 && stays.get(roomId) === own && stays.delete(roomId);
  try {
    const room = await current.join(roomId, name === undefined ? {} : { name });
    const stop = room.on("left", (reason) => {
      if (reason === "left") return;
      // Whoever comes back has a membership of their own, which is nothing to those who were in this one.
      if (stays.get(roomId) === own) stays.delete(roomId);
      if (reason !== "closed") removedFrom.add(roomId);
    });
    return {
      room,
      release() {
        stop();
        if (release()) leave(room);
      },
    };
  } catch (error) {
    release();
    // It was the new name that somebody else asked for; the room is there under the former one.
    if (name === undefined && isRefusal(error, "invalidField")) throw new ParlorError("unavailable", "Not now.", true);
    throw error;
  }
}

function leave(room: Room): void {
  leaving.set(
    room.id,
    room.leave().finally(() => leaving.delete(room.id)),
  );
}
