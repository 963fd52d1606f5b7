// This tab's single connection, shared by all rooms that the tab joins.
import { effect, signal } from "@preact/signals";
import { type ConnectionState, ParlorClient } from "../../../client/src/index.ts";
import { onStorageChange } from "../browser/storage.ts";
import { SESSION_REFUSED } from "../text/error-text.ts";
import { announce } from "./announcer.ts";
import { type Config, config } from "./config.ts";
import { getIdentity, guestName, newGuestId, storedSession } from "./identity.ts";
import { account } from "./known-account.ts";
import { markRejected } from "./outbox.ts";

export interface Connection {
  state: ConnectionState;
  /** When the next attempt is due, in milliseconds since 1970-01-01 UTC; only in the state `waiting`. */
  retryAt: number | undefined;
}

export const connection = signal<Connection>({ state: "connecting", retryAt: undefined });

let current: ParlorClient | undefined;

/** Who made the latest attempt to connect. The client's own `api` would change it too: requests use `authenticatedApi`. */
let connectedAs: string | undefined;
/** The name in the token of that attempt if it was a guest's. */
let connectedName: string | undefined;

export async function client(): Promise<ParlorClient> {
  const addresses = await config();
  current ??= createClient(addresses);
  return current;
}

/** Checks at once whether the connection works; without one, connects now instead of waiting for the next attempt. */
export function checkConnection(): void {
  current?.checkNow();
}

/** Returns whether there is an open connection that belongs to this person. */
export function isConnectedAs(userId: string): boolean {
  reconnectAfterIdentityChange();
  return current?.state === "open" && storedSession()?.userId === userId;
}

/**
 * The connection must belong to the stored identity: otherwise pending messages would be sent as another person, and
 * conversations would know a guest by their former name.
 */
function reconnectAfterIdentityChange(): void {
  if (current?.state !== "open") return;
  const isRenamed = guestName.peek() !== undefined && guestName.peek() !== connectedName;
  if (isRenamed || connectedAs !== storedSession()?.userId) current.reconnect();
}

function createClient(addresses: Config): ParlorClient {
  const created = new ParlorClient({
    ...addresses,
    getToken: async (request) => {
      const { token, userId } = await getIdentity(request);
      connectedAs = userId;
      connectedName = guestName.peek();
      return token;
    },
  });
  created.on("rejected", markRejected);
  let lost = false;
  created.on("state", (state) => {
    connection.value = { state, retryAt: created.retryAt };
    if (state === "open" && lost) announce("Connected again");
    if (state === "waiting" && !lost) announce("Connection lost. Trying again.");
    if (state === "refused") announce(SESSION_REFUSED);
    lost = state === "waiting" || state === "refused" || (lost && state !== "open");
    // The identity may have changed while connecting. The microtask lets the client finish its own state change first.
    if (state === "open") queueMicrotask(reconnectAfterIdentityChange);
  });
  return created;
}

// A request of this or another tab may have found the token refused and stored a new identity.
effect(() => {
  if (newGuestId.value !== undefined) reconnectAfterIdentityChange();
});
guestName.subscribe(reconnectAfterIdentityChange);
onStorageChange(reconnectAfterIdentityChange);
account.subscribe((known) => {
  reconnectAfterIdentityChange();
  if (current?.state === "refused" && !known?.hasExpired) current.checkNow();
});

// After sleep, freezing or the back/forward cache, the connection may be lost without an event that says so.
addEventListener("online", checkConnection);
addEventListener("pageshow", checkConnection);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) checkConnection();
});
addEventListener("offline", () => current?.reconnect());
