// Who you are: a name chosen on the fly and a guest token, both kept for this site so that a reload stays the same person.
import { signal } from "@preact/signals";
import { ParlorApi, type Session, type TokenRequest } from "../../../client/src/index.ts";
import { withLock } from "../browser/locks.ts";
import { forget, onStorageChange, recall, remember } from "../browser/storage.ts";
import { isRefusal, refusedName } from "../text/error-text.ts";
import { suggestPersonName } from "../text/name-suggestions.ts";
import { announce } from "./announcer.ts";
import { config } from "./config.ts";

/** The name that a server has accepted. Undefined until the person has chosen one. */
export const displayName = signal(storedName());

/** A name that the server refused, and why, to show where the next one is chosen. */
export const nameRefusal = signal<{ name: string; problem: string } | undefined>(undefined);

export const NEW_GUEST = "Parlor did not recognise you any more. You are a new guest now.";

export const suggestedName = suggestPersonName();

onStorageChange(() => {
  displayName.value = storedName();
});

/** Only for a name that a server has accepted. */
export function setDisplayName(name: string): void {
  remember("name", name);
  displayName.value = name;
  nameRefusal.value = undefined;
}

export function refuseName(name: string): void {
  if (displayName.peek() === name) {
    forget("name");
    displayName.value = undefined;
  }
  nameRefusal.value = { name, problem: refusedName(name) };
}

let pending: Promise<Session> | undefined;

/**
 * The identity that is kept, or a new one where there is none, or where it is the one of the refused token. Whether a
 * token still holds is the server's to say: this machine's clock may be wrong.
 */
export function session(refusedToken?: string): Promise<Session> {
  const kept = keptSession(refusedToken);
  if (kept) return Promise.resolve(kept);
  pending ??= withLock("session", () => createSession(refusedToken)).finally(() => {
    pending = undefined;
  });
  return pending;
}

async function createSession(refusedToken: string | undefined): Promise<Session> {
  // Another tab may have been first.
  const kept = keptSession(refusedToken);
  if (kept) return kept;
  const { apiUrl } = await config();
  const created = await requestSession(new ParlorApi(apiUrl));
  // What another tab stored just before the lock was ours may only be visible now.
  const late = keptSession(refusedToken);
  if (late) return late;
  remember("session", created);
  return created;
}

async function requestSession(api: ParlorApi): Promise<Session> {
  const name = displayName.peek();
  if (name !== undefined) {
    try {
      return await api.createSession(name);
    } catch (error) {
      if (!isRefusal(error, "invalidField")) throw error;
      refuseName(name);
    }
  }
  return await api.createSession(suggestedName);
}

/** The identity that took the place of one that the server no longer accepts, until the person has read of it. */
export const newGuest = signal<string | undefined>(undefined);

/** The token to connect and to ask with; another identity's where the server refuses it. */
export async function token({ refused }: TokenRequest): Promise<string> {
  const { token, userId } = await session(refused);
  if (refused !== undefined) {
    newGuest.value = userId;
    announce(NEW_GUEST);
  }
  return token;
}

/** The API as this person. */
export async function myApi(): Promise<ParlorApi> {
  return new ParlorApi((await config()).apiUrl, token);
}

export function keptSession(refusedToken?: string): Session | undefined {
  const kept = recall<Session>("session");
  return kept && kept.token !== refusedToken ? kept : undefined;
}

function storedName(): string | undefined {
  const name = recall("name");
  return typeof name === "string" ? name : undefined;
}
