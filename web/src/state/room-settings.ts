// What the owner of a room changes about it.
import type { Room, RoomUpdate, ToldHook } from "../../../client/src/index.ts";
import { errorText, roomFormErrors } from "../text/error-text.ts";
import { announce } from "./announcer.ts";
import { config } from "./config.ts";
import { authenticatedApi } from "./identity.ts";
import { enterPassword, passFor } from "./passes.ts";
import type { RoomFormErrors } from "./room-form.ts";

export interface CreatedHook {
  /** Where the program sends its messages. */
  url: string;
  /** Which it sends along. Nobody can read it again. */
  secret: string;
  /** With which the program checks what it is told, if it is told anything. Nobody can read it again, either. */
  signingSecret: string | undefined;
}

/** Returns no errors if it succeeded. */
export async function updateRoom(room: Room, update: RoomUpdate): Promise<RoomFormErrors> {
  try {
    if (Object.keys(update).length > 0) await (await authenticatedApi()).updateRoom(room.id, update);
  } catch (error) {
    return failed(roomFormErrors(error, { name: update.name ?? "", topic: update.topic ?? "" }));
  }
  // The new password has made the owner's own pass invalid too. If this fails, the room asks for it at the next rejoin.
  if (update.password) await enterPassword(room.id, update.password).catch(() => {});
  announce("Settings saved");
  return {};
}

/** Lets a bot of the stage answer in the room, or removes it. */
export async function setBot(room: Room, name: string, isAllowed: boolean): Promise<void> {
  await (await authenticatedApi()).setBot(room.id, name, isAllowed);
}

/**
 * Makes a webhook, with which a program outside writes in the room and, if `address` is given, is told there what people
 * write. Rejects with a ParlorError.
 */
export async function createHook(room: Room, name: string, address?: string): Promise<CreatedHook> {
  const { id, secret, signingSecret } = await (await authenticatedApi()).createHook(room.id, name, address);
  const { apiUrl } = await config();
  return { url: `${apiUrl}/hooks/${encodeURIComponent(id)}`, secret, signingSecret };
}

/** Returns the webhooks that are told what people write in the room. */
export async function toldHooks(room: Room): Promise<readonly ToldHook[]> {
  const pass = passFor(room.id);
  const info = await (await authenticatedApi()).room(room.id, pass === undefined ? {} : { pass });
  return info.told ?? [];
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

/** Deletes the room's messages. Returns why it failed. */
export async function clearRoom(room: Room): Promise<string | undefined> {
  try {
    await (await authenticatedApi()).clearRoom(room.id, room.epoch);
    return undefined;
  } catch (error) {
    return failed({ form: errorText(error) }).form;
  }
}

function failed(errors: RoomFormErrors): RoomFormErrors {
  if (errors.form !== undefined) announce(errors.form);
  return errors;
}
