// This person: a chosen name and a guest token, both in localStorage, so that a reload does not create a new guest.
import { signal } from "@preact/signals";
import { ParlorApi, type Person, type Session, type TokenRequest } from "../../../client/src/index.ts";
import { withLock } from "../browser/locks.ts";
import { loadItem, onStorageChange, removeItem, saveItem } from "../browser/storage.ts";
import { isRefusal, nameErrorText } from "../text/error-text.ts";
import { suggestPersonName } from "../text/name-suggestions.ts";
import { announce } from "./announcer.ts";
import { config, publicApi } from "./config.ts";

/** The last name that the server accepted. Undefined until the person has chosen one. */
export const displayName = signal(storedName());

/** A refused name with the reason, shown where the next name is chosen. */
export const nameRefusal = signal<{ name: string; problem: string } | undefined>(undefined);

export const NEW_GUEST = "Your session is no longer valid. You are now a new guest.";

export const suggestedName = suggestPersonName();

onStorageChange(() => {
  displayName.value = storedName();
});

/** Call it only with a name that the server has accepted. */
export function setDisplayName(name: string): void {
  saveItem("name", name);
  displayName.value = name;
  nameRefusal.value = undefined;
}

/** Forgets a name that the server refused, and keeps the reason in `nameRefusal`. */
export function rejectName(name: string): void {
  if (displayName.peek() === name) {
    removeItem("name");
    displayName.value = undefined;
  }
  nameRefusal.value = { name, problem: nameErrorText(name) };
}

let creating: Promise<Session> | undefined;

/**
 * Returns the stored session, or creates one if there is none or its token is `refusedToken`. Only the server decides
 * whether a token is still valid: this machine's clock may be wrong.
 */
export function ensureSession(refusedToken?: string): Promise<Session> {
  const stored = storedSession(refusedToken);
  if (stored) return Promise.resolve(stored);
  creating ??= withLock("session", () => createSession(refusedToken)).finally(() => {
    creating = undefined;
  });
  return creating;
}

async function createSession(refusedToken: string | undefined): Promise<Session> {
  // Another tab may have created one while this tab waited for the lock.
  const stored = storedSession(refusedToken);
  if (stored) return stored;
  const created = await requestSession(await publicApi());
  // What another tab stored just before it released the lock may only be visible now.
  const late = storedSession(refusedToken);
  if (late) return late;
  saveItem("session", created);
  return created;
}

async function requestSession(api: ParlorApi): Promise<Session> {
  const name = displayName.peek();
  if (name !== undefined) {
    try {
      return await api.createSession(name);
    } catch (error) {
      if (!isRefusal(error, "invalidField")) throw error;
      rejectName(name);
    }
  }
  return await api.createSession(suggestedName);
}

/** The id of the guest that replaced an identity whose token was refused, until the person dismisses the banner. */
export const newGuestId = signal<string | undefined>(undefined);

/** The token for connections and requests. If the server refuses it, the answer is the token of a new guest. */
export async function getToken({ refused }: TokenRequest): Promise<string> {
  const { token, userId } = await ensureSession(refused);
  if (refused !== undefined) {
    newGuestId.value = userId;
    announce(NEW_GUEST);
  }
  return token;
}

/** The HTTP API with this person's token. */
export async function authenticatedApi(): Promise<ParlorApi> {
  return new ParlorApi((await config()).apiUrl, getToken);
}

/** Returns the stored session unless its token is `refusedToken`. */
export function storedSession(refusedToken?: string): Session | undefined {
  const stored = loadItem<Session>("session");
  return stored && stored.token !== refusedToken ? stored : undefined;
}

/** Returns this person with the stored identity: until a room is joined again, its `you` may be the former one. */
export function withStoredIdentity(you: Person): Person {
  return { ...you, userId: storedSession()?.userId ?? you.userId };
}

function storedName(): string | undefined {
  const name = loadItem("name");
  return typeof name === "string" ? name : undefined;
}
