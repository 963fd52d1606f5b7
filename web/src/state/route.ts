// Which view the address names: `#/` is the lobby, `#/rooms/{roomId}` a room, `#/rooms/{roomId}/{seq}` a message in it.
import { computed, signal } from "@preact/signals";
import "../browser/sign-in-return.ts";
import { parseAddress, type Route } from "../text/address.ts";

export const lobbyHref = "#/";

export const route = signal<Route>(readAddress());

/** The room in the address, whichever message in it is named. */
export const roomInAddress = computed(() => (route.value.view === "room" ? route.value.roomId : undefined));

let navigated = false;

/** Returns whether the person has navigated within the page. Only then may a view take the focus. */
export function hasNavigated(): boolean {
  return navigated;
}

export function trackRoute(): void {
  addEventListener("hashchange", () => {
    navigated = true;
    const next = readAddress();
    if (JSON.stringify(next) !== JSON.stringify(route.peek())) route.value = next;
  });
}

export function roomHref(roomId: string, seq?: number): string {
  return `#/rooms/${roomId}${seq === undefined ? "" : `/${seq}`}`;
}

/** The absolute address to share, on the host that served this page. With `seq`, it opens the room at that message. */
export function roomLink(roomId: string, seq?: number): string {
  return new URL(roomHref(roomId, seq), location.href).href;
}

/** Parses the address and replaces it by its canonical form, on which the page's relative links depend. */
function readAddress(): Route {
  const found = parseAddress(location);
  const isRoot = location.pathname === "/";
  const canonical =
    found.view === "room"
      ? roomHref(found.roomId, found.seq)
      : isRoot
        ? location.hash
        : found.view === "lobby"
          ? lobbyHref
          : `#${location.pathname}`;
  if (!isRoot || location.hash !== canonical) history.replaceState(null, "", `/${canonical}`);
  return found;
}
