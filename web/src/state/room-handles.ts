// Reference-counted joins. The room view, the outbox sender and the followed rooms may need the same room at once; the last
// one to release its handle makes this tab leave the room.
import { effect } from "@preact/signals";
import { type LogPosition, ParlorError, type Room } from "../../../client/src/index.ts";
import { isRoomOver } from "../text/ending-text.ts";
import { isRefusal } from "../text/error-text.ts";
import { client } from "./connection.ts";
import { forgetPass, passes, passFor } from "./passes.ts";

export interface RoomHandle {
  readonly room: Room;
  release(): void;
}

/** The number of handles for each room that this tab has joined. */
const joins = new Map<string, { handles: number }>();

/** Rooms with an unanswered `leave`: a new `join` must wait for it, or the leave could undo the join. */
const leaving = new Map<string, Promise<void>>();

/** Rooms from which the server removed this person. Only opening the room again rejoins it; sending does not. */
const removedFrom = new Set<string>();

effect(() => {
  for (const { roomId } of passes.value) if (joins.has(roomId)) void usePass(roomId);
});

/** Lets this tab come back with the pass for a new password, which this or another tab has entered. */
async function usePass(roomId: string): Promise<void> {
  const current = await client();
  const pass = passFor(roomId);
  if (pass !== undefined && joins.has(roomId)) await current.join(roomId, { pass }).catch(() => {});
}

/** Rejects with a ParlorError if the room cannot be joined under this name. */
export function acquireRoom(roomId: string, name: string): Promise<RoomHandle> {
  removedFrom.delete(roomId);
  return acquire(roomId, () => name);
}

/**
 * Joins a room to send from the outbox. The name applies only if this tab is not in the room yet: otherwise it could
 * undo a rename that is under way.
 */
export function acquireRoomToSend(roomId: string, name: string): Promise<RoomHandle> {
  return acquire(roomId, (isJoined) => nameUnlessRemoved(roomId, isJoined, name));
}

/** Joins a room to count what is unread in it. The room need not have more than what came after `since`. */
export function acquireRoomToFollow(roomId: string, name: string, since: LogPosition | undefined): Promise<RoomHandle> {
  return acquire(roomId, (isJoined) => nameUnlessRemoved(roomId, isJoined, name), since);
}

function nameUnlessRemoved(roomId: string, isJoined: boolean, name: string): string | undefined {
  if (removedFrom.has(roomId)) throw new ParlorError("notJoined", "The server removed you from this room.", false);
  return isJoined ? undefined : name;
}

async function acquire(
  roomId: string,
  chooseName: (isJoined: boolean) => string | undefined,
  since?: LogPosition,
): Promise<RoomHandle> {
  const current = await client();
  while (leaving.has(roomId)) await leaving.get(roomId);
  const name = chooseName(joins.has(roomId));
  const join = joins.get(roomId) ?? { handles: 0 };
  joins.set(roomId, join);
  join.handles++;
  /** Returns true if this was the last handle and the room has not been joined anew since. */
  const release = () => --join.handles === 0 && joins.get(roomId) === join && joins.delete(roomId);
  const pass = passFor(roomId);
  try {
    const room = await current.join(roomId, {
      ...(name !== undefined && { name }),
      ...(pass !== undefined && { pass }),
      ...(since && { since: { epoch: since.epoch, seq: since.seq } }),
    });
    const stop = room.on("left", (reason) => {
      if (reason === "left") return;
      // A later join gets a count of its own, which the handles of this one must not decrease.
      if (joins.get(roomId) === join) joins.delete(roomId);
      if (!isRoomOver(reason)) removedFrom.add(roomId);
      if (reason === "passRequired") forgetPass(roomId, pass);
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
    if (isRefusal(error, "passRequired")) forgetPass(roomId, pass);
    // The refused name is from a rename by another caller; the room is still joined under the previous name.
    if (name === undefined && isRefusal(error, "invalidField")) {
      throw new ParlorError("unavailable", "A rename was refused. Try again.", true);
    }
    throw error;
  }
}

function leave(room: Room): void {
  leaving.set(
    room.id,
    room.leave().finally(() => leaving.delete(room.id)),
  );
}
