// Creates a room and navigates to it.
import { roomFormErrors } from "../text/error-text.ts";
import { announce } from "./announcer.ts";
import { authenticatedApi, ensureSession } from "./identity.ts";
import { addOwnedRoom } from "./owned-rooms.ts";
import { roomHref } from "./route.ts";

export interface NewRoom {
  name: string;
  /** Empty for none. */
  topic: string;
  isPublic: boolean;
}

/** Error texts by field; `form` is for errors that no field causes. */
export type RoomFormErrors = { name?: string; topic?: string; form?: string };

/** Returns no errors if it succeeded. */
export async function createRoom({ name, topic, isPublic }: NewRoom): Promise<RoomFormErrors> {
  try {
    const visibility = isPublic ? "public" : "unlisted";
    const { roomId } = await (await authenticatedApi()).createRoom({ name, ...(topic && { topic }), visibility });
    addOwnedRoom({ roomId, userId: (await ensureSession()).userId });
    location.hash = roomHref(roomId);
    return {};
  } catch (error) {
    const { form, ...fieldErrors }: RoomFormErrors = roomFormErrors(error, { name, topic });
    if (form === undefined) return fieldErrors;
    const reason = `Couldn't create the room. ${form}`;
    announce(reason);
    return { form: reason };
  }
}
