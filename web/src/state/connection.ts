// The one connection of this tab, shared by whichever room is open.
import { signal } from "@preact/signals";
import { type ConnectionState, ParlorClient, ParlorError, type Session } from "../../../client/src/index.ts";
import { announce } from "./announcer.ts";
import { config } from "./config.ts";
import { session } from "./identity.ts";

export interface Connection {
  state: ConnectionState;
  /** When the next attempt is due, milliseconds since 1970-01-01 UTC; only while waiting. */
  retryAt: number | undefined;
}

export const connection = signal<Connection>({ state: "connecting", retryAt: undefined });

/** Moves when the connection was replaced by one with a new identity: whoever is in a room joins again. */
export const connectionGeneration = signal(0);

/** A refused token looks like a network failure to a browser: after so many before the first success the API is asked. */
const FAILURES_BEFORE_ASKING = 3;

let current: ParlorClient | undefined;
let opening: Promise<ParlorClient> | undefined;
/** Whether the API is being asked: one answer is enough. */
let asking = false;

export function client(): Promise<ParlorClient> {
  opening ??= session()
    .then(open)
    .catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
  return opening;
}

/** Finds out whether the connection works; waits no longer for the next attempt. */
export function checkNow(): void {
  current?.checkNow();
}

async function open({ token }: Session): Promise<ParlorClient> {
  const { webSocketUrl, apiUrl } = await config();
  const opened = new ParlorClient({ webSocketUrl, apiUrl, token });
  current = opened;
  let failures = 0;
  let lost = false;
  const stop = opened.on("state", () => {
    connection.value = { state: opened.state, retryAt: opened.retryAt };
    if (opened.state === "open") {
      if (lost) announce("Connected again");
      failures = Number.NEGATIVE_INFINITY;
      lost = false;
    } else if (opened.state === "waiting") {
      if (!lost) announce("Connection lost. Trying again.");
      lost = true;
      if (++failures >= FAILURES_BEFORE_ASKING && !asking) void replaceIfUnauthorized(opened, token, stop);
    }
  });
  return opened;
}

/** Takes a new guest token only when the API says that this one proves nobody: with it, its person's rooms are lost. */
async function replaceIfUnauthorized(refused: ParlorClient, token: string, stop: () => void): Promise<void> {
  asking = true;
  const fresh = (await isUnauthorized(refused)) ? await session(token).catch(() => undefined) : undefined;
  asking = false;
  if (!fresh) return;
  stop();
  refused.close();
  opening = open(fresh);
  connectionGeneration.value++;
}

function isUnauthorized({ api }: ParlorClient): Promise<boolean> {
  return api.me().then(
    () => false,
    (error: unknown) => error instanceof ParlorError && error.code === "unauthorized",
  );
}

// A computer that slept, or a page that was frozen or put away, may have lost its connection without being told.
addEventListener("online", checkNow);
addEventListener("pageshow", checkNow);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) checkNow();
});
addEventListener("offline", () => current?.reconnect());
