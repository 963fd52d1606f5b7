// What the owner of a room changes about it.
import type { Room, RoomUpdate } from "../../../client/src/index.ts";
import { errorText, roomFormErrors } from "../text/error-text.ts";
import { announce } from "./announcer.ts";
import { client } from "./connection.ts";
import { authenticatedApi } from "./identity.ts";
import { enterPassword } from "./passes.ts";
import type { RoomFormErrors } from "./room-form.ts";

/** Returns no errors if it succeeded. */
export async function updateRoom(room: Room, update: RoomUpdate): Promise<RoomFormErrors> {
  try {
    if (Object.keys(update).length > 0) await (await authenticatedApi()).updateRoom(room.id, update);
  } catch (error) {
    return failed(roomFormErrors(error, { name: update.name ?? "", topic: update.topic ?? "" }));
  }
  if (update.password) await renewPass(room, update.password).catch(() => {});
  announce("Settings saved");
  return {};
}

/** The new password has made the owner's own pass invalid too. If this fails, the room asks for it at the next rejoin. */
async function renewPass(room: Room, password: string): Promise<void> {
  const pass = await enterPassword(room.id, password);
  await (await client()).join(room.id, { pass });
}

/** Ends the room for everybody. Returns why it failed. */
export async function endRoom(room: Room): Promise<string | undefined> {
  try {
    await (await authenticatedApi()).closeRoom(room.id);
    return undefined;
  } catch (error) {
    return failed({ form: errorText(error) }).form;
  }
}

function failed(errors: RoomFormErrors): RoomFormErrors {
  if (errors.form !== undefined) announce(errors.form);
  return errors;
}
