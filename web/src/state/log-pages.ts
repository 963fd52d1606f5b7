// Reads a room's log page by page over HTTP, apart from what the open room shows.
import { type LogPage, limits, ParlorError, type Room } from "../../../client/src/index.ts";
import { publicApi } from "./identity.ts";
import { passFor } from "./passes.ts";

/** Waits before a page is asked for again, in milliseconds, if the server does not say how long. */
const RETRY_MS = 1000;

/**
 * Returns the page before or after a number. Waits while a rate is exceeded. Rejects with a ParlorError, with an AbortError once
 * `signal` is aborted, and with `messageNotFound` if the room has been cleared meanwhile.
 */
export async function readPage(
  room: Room,
  at: { before: number } | { after: number },
  signal: AbortSignal,
): Promise<LogPage> {
  const { epoch } = room;
  while (true) {
    const pass = passFor(room.id);
    try {
      const api = await publicApi();
      const page = await api.messages(room.id, {
        ...at,
        limit: limits.pageEvents,
        ...(pass !== undefined && { pass }),
      });
      signal.throwIfAborted();
      if (page.epoch !== epoch) throw new ParlorError("messageNotFound", "The room was cleared.", false);
      return page;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ParlorError && error.code === "rateLimited")) throw error;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? RETRY_MS));
    }
  }
}
