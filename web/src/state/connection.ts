// The one connection of this tab, shared by whichever room is open.
import { effect, signal } from "@preact/signals";
import { type ConnectionState, ParlorClient } from "../../../client/src/index.ts";
import { onStorageChange } from "../browser/storage.ts";
import { NOT_RECOGNISED } from "../text/error-text.ts";
import { announce } from "./announcer.ts";
import { type Config, config } from "./config.ts";
import { keptSession, newGuest, token } from "./identity.ts";

export interface Connection {
  state: ConnectionState;
  /** When the next attempt is due, milliseconds since 1970-01-01 UTC; only while waiting. */
  retryAt: number | undefined;
}

export const connection = signal<Connection>({ state: "connecting", retryAt: undefined });

let current: ParlorClient | undefined;

/** The token that the client has connected with last. */
let connectedWith: string | undefined;

export async function client(): Promise<ParlorClient> {
  const addresses = await config();
  current ??= open(addresses);
  return current;
}

/** Finds out whether the connection works; waits no longer for the next attempt. */
export function checkNow(): void {
  current?.checkNow();
}

/** Whether there is a connection, and it is this person's. */
export function isOpenAs(userId: string): boolean {
  followIdentity();
  return current?.state === "open" && keptSession()?.userId === userId;
}

/** The connection has to be of the identity that is kept: what waits would be sent as another's. */
function followIdentity(): void {
  if (current?.state === "open" && connectedWith !== keptSession()?.token) current.reconnect();
}

function open(addresses: Config): ParlorClient {
  const getToken: typeof token = async (request) => {
    connectedWith = await token(request);
    return connectedWith;
  };
  const opened = new ParlorClient({ ...addresses, getToken });
  let lost = false;
  opened.on("state", (state) => {
    connection.value = { state, retryAt: opened.retryAt };
    if (state === "open" && lost) announce("Connected again");
    if (state === "waiting" && !lost) announce("Connection lost. Trying again.");
    if (state === "refused") announce(NOT_RECOGNISED);
    lost = state === "waiting" || state === "refused" || (lost && state !== "open");
    // It may have changed while this connection was being made; the client first has to finish what it does.
    if (state === "open") queueMicrotask(followIdentity);
  });
  return opened;
}

// A request may have found the identity refused, in this tab or in another.
effect(() => {
  if (newGuest.value !== undefined) followIdentity();
});
onStorageChange(followIdentity);

// A computer that slept, or a page that was frozen or put away, may have lost its connection without being told.
addEventListener("online", checkNow);
addEventListener("pageshow", checkNow);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) checkNow();
});
addEventListener("offline", () => current?.reconnect());
