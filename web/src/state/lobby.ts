// The public rooms: the first page is refreshed, further pages are added by cursor.
import { batch, signal } from "@preact/signals";
import { ParlorApi, type RoomInfo } from "../../../client/src/index.ts";
import { config } from "./config.ts";

const PAGE = 20;
const MAX_PAGE = 50;

export const rooms = signal<readonly RoomInfo[] | undefined>(undefined);
export const nextCursor = signal<string | undefined>(undefined);
export const loading = signal(false);
export const loadFailed = signal(false);

/** Reads the list again, as much of it as is shown (up to one page of the API). */
export function refresh(): Promise<void> {
  const shown = rooms.peek()?.length ?? 0;
  return load(async (api) => {
    const page = await api.rooms({ limit: Math.min(MAX_PAGE, Math.max(PAGE, shown)) });
    batch(() => {
      rooms.value = page.rooms;
      nextCursor.value = page.cursor;
    });
  });
}

/** Reads the list now and whenever the reader comes back to the page, until the returned function is called. */
export function refreshOnFocus(): () => void {
  const onFocus = () => void refresh();
  onFocus();
  addEventListener("focus", onFocus);
  return () => removeEventListener("focus", onFocus);
}

export function loadMore(): Promise<void> {
  return load(async (api) => {
    const cursor = nextCursor.peek();
    if (!cursor) return;
    const page = await api.rooms({ cursor, limit: PAGE });
    const shown = rooms.peek() ?? [];
    // A room that became active between two pages may come twice.
    const known = new Set(shown.map((room) => room.roomId));
    batch(() => {
      rooms.value = [...shown, ...page.rooms.filter((room) => !known.has(room.roomId))];
      nextCursor.value = page.cursor;
    });
  });
}

async function load(work: (api: ParlorApi) => Promise<void>): Promise<void> {
  if (loading.peek()) return;
  loading.value = true;
  try {
    await work(new ParlorApi((await config()).apiUrl));
    loadFailed.value = false;
  } catch {
    loadFailed.value = true;
  } finally {
    loading.value = false;
  }
}
