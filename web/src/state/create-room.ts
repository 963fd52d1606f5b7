// Makes a room and goes there.
import { refusedRoom } from "../text/error-text.ts";
import { announce } from "./announcer.ts";
import { myApi, session } from "./identity.ts";
import { rememberOwned } from "./owned-rooms.ts";
import { roomHref } from "./route.ts";

export interface NewRoom {
  name: string;
  /** Empty: none. */
  topic: string;
  isPublic: boolean;
}

/** What is wrong, at the field that is to blame or with the whole. */
export type RoomProblem = { name?: string; topic?: string; form?: string };

export async function createRoom({ name, topic, isPublic }: NewRoom): Promise<RoomProblem> {
  try {
    const visibility = isPublic ? "public" : "unlisted";
    const { roomId } = await (await myApi()).createRoom({ name, ...(topic && { topic }), visibility });
    rememberOwned({ roomId, userId: (await session()).userId });
    location.hash = roomHref(roomId);
    return {};
  } catch (error) {
    const { form, ...atField }: RoomProblem = refusedRoom(error, { name, topic });
    if (form === undefined) return atField;
    const reason = `The room could not be made. ${form}`;
    announce(reason);
    return { form: reason };
  }
}
