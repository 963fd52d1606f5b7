// The lobby's public rooms. Refreshing reads the list again from its start; "show more" appends pages by cursor.
import { batch, signal } from "@preact/signals";
import { limits, type ParlorApi, type RoomInfo } from "../../../client/src/index.ts";
import { publicApi } from "./identity.ts";

const PAGE_SIZE = limits.defaultLobbyRooms;

/** Undefined until the list was loaded once. */
export const rooms = signal<readonly RoomInfo[] | undefined>(undefined);
export const nextCursor = signal<string | undefined>(undefined);
export const loading = signal(false);
export const loadFailed = signal(false);

/** Reads as many rooms again as are shown, up to one API page. */
export function refresh(): Promise<void> {
  const shown = rooms.peek()?.length ?? 0;
  return load(async (api) => {
    const page = await api.rooms({ limit: Math.min(limits.lobbyRooms, Math.max(PAGE_SIZE, shown)) });
    batch(() => {
      rooms.value = page.rooms;
      nextCursor.value = page.cursor;
    });
  });
}

/** Refreshes now and whenever the window gets the focus, until the returned function is called. */
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
    const page = await api.rooms({ cursor, limit: PAGE_SIZE });
    const shown = rooms.peek() ?? [];
    // A room that became active between two pages may appear on both.
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
    await work(await publicApi());
    loadFailed.value = false;
  } catch {
    loadFailed.value = true;
  } finally {
    loading.value = false;
  }
}
