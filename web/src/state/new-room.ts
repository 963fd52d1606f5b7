// Makes a room and goes there.
import { announce } from "./announcer.ts";
import { asMe, session } from "./identity.ts";
import { rememberOwned } from "./owned.ts";
import { roomHref } from "./route.ts";

export interface NewRoom {
  name: string;
  /** Empty: none. */
  topic: string;
  isPublic: boolean;
}

/** Answers with what went wrong, if something did. */
export async function createRoom({ name, topic, isPublic }: NewRoom): Promise<string | undefined> {
  try {
    const visibility = isPublic ? "public" : "unlisted";
    const { roomId } = await asMe((api) => api.createRoom({ name, ...(topic && { topic }), visibility }));
    rememberOwned({ roomId, userId: (await session()).userId });
    location.hash = roomHref(roomId);
    return undefined;
  } catch (error) {
    const reason = `The room could not be made. ${error instanceof Error ? error.message : ""}`.trim();
    announce(reason);
    return reason;
  }
}
