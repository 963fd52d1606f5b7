// The one connection of this tab, shared by whichever room is open.
import { signal } from "@preact/signals";
import { type ConnectionState, ParlorClient, type Session } from "../../../client/src/index.ts";
import { announce } from "./announcer.ts";
import { config } from "./config.ts";
import { newSession, session } from "./identity.ts";

export interface Connection {
  state: ConnectionState;
  /** When the next attempt is due, milliseconds since 1970-01-01 UTC; only while waiting. */
  retryAt: number | undefined;
}

export const connection = signal<Connection>({ state: "connecting", retryAt: undefined });

/** Moves when the connection was replaced by one with a new identity: whoever is in a room joins again. */
export const connectionGeneration = signal(0);

/** A refused token looks like a network failure to a browser, so only repeated failures before the first success count. */
const FAILURES_BEFORE_NEW_SESSION = 3;

let current: ParlorClient | undefined;
let opening: Promise<ParlorClient> | undefined;

export function client(): Promise<ParlorClient> {
  opening ??= session()
    .then(open)
    .catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
  return opening;
}

export function tryNow(): void {
  current?.reconnectNow();
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
      if (++failures === FAILURES_BEFORE_NEW_SESSION) void replace(opened, stop);
    }
  });
  return opened;
}

/** Takes a new guest token when the API is there and yet the socket is refused: the remembered one is of no use any more. */
async function replace(refused: ParlorClient, stop: () => void): Promise<void> {
  const fresh = await newSession().catch(() => undefined);
  if (!fresh || refused.state === "open") return;
  stop();
  refused.close();
  opening = open(fresh);
  connectionGeneration.value++;
}

addEventListener("online", tryNow);
addEventListener("offline", () => current?.reconnect());
