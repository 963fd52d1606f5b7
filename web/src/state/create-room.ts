// Creates a room and navigates to it.
import { roomFormErrors } from "../text/error-text.ts";
import { announce } from "./announcer.ts";
import { authenticatedApi } from "./identity.ts";
import { enterPassword } from "./passes.ts";
import type { RoomFormErrors } from "./room-form.ts";
import { roomHref } from "./route.ts";
import { newRules, type RuleFields } from "./rule-fields.ts";

export interface NewRoom {
  name: string;
  /** Empty for none. */
  topic: string;
  isPublic: boolean;
  rules: RuleFields;
}

/** Returns no errors if it succeeded. */
export async function createRoom({ name, topic, isPublic, rules }: NewRoom): Promise<RoomFormErrors> {
  try {
    const visibility = isPublic ? "public" : "unlisted";
    const room = { name, ...(topic && { topic }), visibility, ...newRules(rules) } as const;
    const { roomId } = await (await authenticatedApi()).createRoom(room);
    // If this fails, the room asks for the password.
    if (room.password !== undefined) await enterPassword(roomId, room.password).catch(() => {});
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
