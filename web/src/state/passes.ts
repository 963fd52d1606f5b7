// This person's passes for rooms with a password, so that a reload does not ask for the password again.
import { limits } from "../../../client/src/index.ts";
import { ensureSession, publicApi, storedSession } from "./identity.ts";
import { storedRooms } from "./stored-rooms.ts";

interface StoredPass {
  roomId: string;
  /** Who entered the password: a new guest in the same browser enters it again. */
  userId: string;
  pass: string;
}

const { rooms: passes, add, remove } = storedRooms<StoredPass>("pass", limits.roomsPerPerson);

export { passes };

export function passFor(roomId: string): string | undefined {
  const userId = storedSession()?.userId;
  return passes.peek().find((stored) => stored.roomId === roomId && stored.userId === userId)?.pass;
}

/** Exchanges the password for a pass. Rejects with a ParlorError, such as `wrongPassword`. */
export async function enterPassword(roomId: string, password: string): Promise<string> {
  const { pass } = await (await publicApi()).createPass(roomId, password);
  add({ roomId, userId: (await ensureSession()).userId, pass });
  return pass;
}

/** Forgets a refused pass, unless another tab has replaced it. */
export function forgetPass(roomId: string, refused: string | undefined): void {
  if (passFor(roomId) === refused) remove(roomId);
}
