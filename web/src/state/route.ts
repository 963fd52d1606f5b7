// Which view the address names: `#/` is the lobby, `#/rooms/{roomId}` a room. Back and Forward come for free.
import { signal } from "@preact/signals";
import { parseAddress, type Route } from "../text/address.ts";

export const lobbyHref = "#/";

export const route = signal<Route>(read());

let moved = false;

/** Whether the reader moved within the page; only then may a view take the focus. */
export function hasNavigated(): boolean {
  return moved;
}

export function followRoute(): void {
  addEventListener("hashchange", () => {
    moved = true;
    const next = read();
    if (JSON.stringify(next) !== JSON.stringify(route.peek())) route.value = next;
  });
}

export function roomHref(roomId: string): string {
  return `#/rooms/${roomId}`;
}

/** The address to share, on the host that this page came from. */
export function roomLink(roomId: string): string {
  return new URL(roomHref(roomId), location.href).href;
}

/** Leaves the address as it would have been written here, so that links within the page lead on from it. */
function read(): Route {
  const found = parseAddress(location);
  const isRoot = location.pathname === "/";
  const clean =
    found.view === "room"
      ? roomHref(found.roomId)
      : isRoot
        ? location.hash
        : found.view === "lobby"
          ? lobbyHref
          : `#${location.pathname}`;
  if (!isRoot || location.hash !== clean) history.replaceState(null, "", `/${clean}`);
  return found;
}
