// Which view the address names: `#/` is the lobby, `#/rooms/{roomId}` a room. Back and Forward come for free.
import { signal } from "@preact/signals";

export type Route = { view: "lobby" } | { view: "room"; roomId: string };

export const route = signal<Route>(parse(location.hash));

let moved = false;

/** Whether the reader moved within the page; only then may a view take the focus. */
export function hasNavigated(): boolean {
  return moved;
}

export function followRoute(): void {
  addEventListener("hashchange", () => {
    moved = true;
    route.value = parse(location.hash);
  });
}

export const lobbyHref = "#/";

export function roomHref(roomId: string): string {
  return `#/rooms/${encodeURIComponent(roomId)}`;
}

/** The address to share, on the host that this page came from. */
export function roomLink(roomId: string): string {
  return new URL(roomHref(roomId), location.href).href;
}

function parse(hash: string): Route {
  const roomId = /^#\/rooms\/([^/]+)\/?$/.exec(hash)?.[1];
  return roomId ? { view: "room", roomId: decode(roomId) } : { view: "lobby" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
