// Who you are: a name chosen on the fly and a guest token, both kept for this site so that a reload stays the same person.
import { signal } from "@preact/signals";
import { ParlorApi, ParlorError, type Session } from "../../../client/src/index.ts";
import { suggestPersonName } from "../text/suggestions.ts";
import { config } from "./config.ts";
import { recall, remember } from "./storage.ts";

/** A token this close to its end is renewed before it is used. */
const RENEWAL_MARGIN_MS = 24 * 60 * 60 * 1000;

/** Undefined until the person has chosen one. */
export const displayName = signal<string | undefined>(recall("name"));

export const suggestedName = suggestPersonName();

export function setDisplayName(name: string): void {
  displayName.value = name;
  remember("name", name);
}

let pending: Promise<Session> | undefined;

export function session(): Promise<Session> {
  const remembered = recall<Session>("session");
  if (remembered && remembered.expiresAt - Date.now() > RENEWAL_MARGIN_MS) return Promise.resolve(remembered);
  return newSession();
}

export function newSession(): Promise<Session> {
  pending ??= createSession().finally(() => {
    pending = undefined;
  });
  return pending;
}

async function createSession(): Promise<Session> {
  const { apiUrl } = await config();
  const created = await new ParlorApi(apiUrl).createSession(displayName.value ?? suggestedName);
  remember("session", created);
  return created;
}

/** Calls the API as this person; a token that the server no longer takes is replaced once. */
export async function asMe<T>(call: (api: ParlorApi) => Promise<T>): Promise<T> {
  const { apiUrl } = await config();
  try {
    return await call(new ParlorApi(apiUrl, (await session()).token));
  } catch (error) {
    if (!(error instanceof ParlorError && error.code === "unauthorized")) throw error;
    return await call(new ParlorApi(apiUrl, (await newSession()).token));
  }
}
