// The one connection of this tab, shared by whichever room is open.
import { effect, signal } from "@preact/signals";
import { type ConnectionState, ParlorClient } from "../../../client/src/index.ts";
import { announce } from "./announcer.ts";
import { type Config, config } from "./config.ts";
import { newGuest, token } from "./identity.ts";

export interface Connection {
  state: ConnectionState;
  /** When the next attempt is due, milliseconds since 1970-01-01 UTC; only while waiting. */
  retryAt: number | undefined;
}

export const connection = signal<Connection>({ state: "connecting", retryAt: undefined });

let current: ParlorClient | undefined;

export async function client(): Promise<ParlorClient> {
  const addresses = await config();
  current ??= open(addresses);
  return current;
}

/** Finds out whether the connection works; waits no longer for the next attempt. */
export function checkNow(): void {
  current?.checkNow();
}

function open(addresses: Config): ParlorClient {
  const opened = new ParlorClient({ ...addresses, getToken: token });
  let lost = false;
  opened.on("state", (state) => {
    connection.value = { state, retryAt: opened.retryAt };
    if (state === "open" && lost) announce("Connected again");
    if (state === "waiting" && !lost) announce("Connection lost. Trying again.");
    if (state === "refused") announce("Parlor does not recognise you any more.");
    lost = state === "waiting" || state === "refused" || (lost && state !== "open");
  });
  return opened;
}

// A request, or the next connection, may have found the identity refused: the present connection must not stay another's.
effect(() => {
  if (newGuest.value !== undefined && current?.state === "open") current.reconnect();
});

// A computer that slept, or a page that was frozen or put away, may have lost its connection without being told.
addEventListener("online", checkNow);
addEventListener("pageshow", checkNow);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) checkNow();
});
addEventListener("offline", () => current?.reconnect());
