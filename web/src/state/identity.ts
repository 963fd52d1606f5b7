// This person: a chosen name, and an account or a guest token. All are in localStorage, so that a reload changes nothing.
import { signal } from "@preact/signals";
import { ParlorApi, ParlorError, type Person, type Session, type TokenRequest } from "../../../client/src/index.ts";
import { withLock } from "../browser/locks.ts";
import { loadItem, onStorageChange, removeItem, saveItem } from "../browser/storage.ts";
import { isRefusal, nameErrorText } from "../text/error-text.ts";
import { suggestPersonName } from "../text/name-suggestions.ts";
import { currentAccount, signInFinished } from "./account.ts";
import { announce } from "./announcer.ts";
import { config } from "./config.ts";
import { account, storedAccount } from "./known-account.ts";

/** The last name that the server accepted. Undefined until the person has chosen one. */
export const displayName = signal(storedName());

/** A refused name with the reason, shown where the next name is chosen. */
export const nameRefusal = signal<{ name: string; problem: string } | undefined>(undefined);

export const NEW_GUEST = "Your session is no longer valid. You are now a new guest.";

export const suggestedName = suggestPersonName();

/** The name that was chosen in the form for a room, before the server has accepted it. Undefined once a guest has it. */
let proposedName: string | undefined;

/** Lets a guest have this name in conversations too. Another guest token has it, with which the tabs connect again. */
export async function proposeName(name: string): Promise<void> {
  proposedName = name;
  const stored = storedSession();
  if (stored && awaitsName(stored)) await ensureSession();
}

/** The name in the token with which a guest connects. Undefined without a guest. */
export const guestName = signal(loadGuestName());

const showStored = () => {
  displayName.value = storedName();
  guestName.value = loadGuestName();
};
onStorageChange(showStored);
account.subscribe(showStored);

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

export type Identity = Pick<Session, "token" | "userId">;

let creating: Promise<Identity> | undefined;

/**
 * Returns the stored identity, or creates a guest if there is none or its token is `refusedToken`. Only the server decides
 * whether a guest's token is still valid: this machine's clock may be wrong.
 */
export async function ensureSession(refusedToken?: string): Promise<Identity> {
  await signInFinished;
  const stored = storedSession(refusedToken);
  if (stored && !awaitsName(stored)) return stored;
  creating ??= withLock("session", () => createSession(refusedToken)).finally(() => {
    creating = undefined;
  });
  return await creating;
}

async function createSession(refusedToken: string | undefined): Promise<Identity> {
  // Another tab may have created one while this tab waited for the lock.
  const stored = storedSession(refusedToken);
  if (stored) return awaitsName(stored) ? await nameGuest(stored) : stored;
  const { apiUrl, guests } = await config();
  if (guests === false) throw new ParlorError("unauthorized", "This stage admits no guests: sign in.", false);
  const created = await requestSession(new ParlorApi(apiUrl));
  // What another tab stored just before it released the lock may only be visible now.
  const late = storedSession(refusedToken);
  if (late) return late;
  saveSession(created);
  return created;
}

/** Whether this is a guest who was given another name than the one that they have chosen since. */
function awaitsName(identity: Identity): boolean {
  const { token, name } = loadItem<Session>("session") ?? {};
  return proposedName !== undefined && identity.token === token && name !== proposedName;
}

function saveSession(session: Session): void {
  saveItem("session", session);
  guestName.value = session.name;
}

/** Gives a guest the name that they have chosen. If that fails, they keep the former one in conversations. */
async function nameGuest(guest: Identity): Promise<Identity> {
  const name = proposedName ?? suggestedName;
  proposedName = undefined;
  try {
    const named = await new ParlorApi((await config()).apiUrl).createSession(name, guest.token);
    saveSession(named);
    return named;
  } catch {
    return guest;
  }
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
  if (proposedName !== undefined) {
    try {
      return await api.createSession(proposedName);
    } catch (error) {
      // Joining under it is refused too, which says why.
      if (!isRefusal(error, "invalidField")) throw error;
    }
  }
  return await api.createSession(suggestedName);
}

/** The id of the guest that replaced an identity whose token was refused, until the person dismisses the banner. */
export const newGuestId = signal<string | undefined>(undefined);

/**
 * The identity for a connection or a request. If the server refuses its token, the answer is that of a new guest or, if this
 * person has signed in, the same one with another token. Rejects with `unauthorized` if the person has to sign in.
 */
export async function getIdentity({ refused }: TokenRequest): Promise<Identity> {
  const signedIn = await currentAccount(refused);
  if (signedIn) return signedIn;
  const guest = await ensureSession(refused);
  if (refused !== undefined) {
    newGuestId.value = guest.userId;
    announce(NEW_GUEST);
  }
  return guest;
}

export async function getToken(request: TokenRequest): Promise<string | undefined> {
  if (request.isOptional) return storedSession()?.token;
  return (await getIdentity(request)).token;
}

let api: ParlorApi | undefined;

/** The HTTP API with this person's token. */
export async function authenticatedApi(): Promise<ParlorApi> {
  api ??= new ParlorApi((await config()).apiUrl, getToken);
  return api;
}

/** The same, for requests that need no token: it creates no guest. A stage without guests asks for one all the same. */
export const publicApi = authenticatedApi;

/** Returns the account or, without one, the stored guest session unless its token is `refusedToken`. */
export function storedSession(refusedToken?: string): Identity | undefined {
  const stored = storedAccount() ?? loadItem<Session>("session");
  return stored && stored.token !== refusedToken ? stored : undefined;
}

/** Returns this person with the stored identity: until a room is joined again, its `you` may be the former one. */
export function withStoredIdentity(you: Person): Person {
  return { ...you, userId: storedSession()?.userId ?? you.userId };
}

function loadGuestName(): string | undefined {
  return loadItem<Session>("session")?.name;
}

function storedName(): string | undefined {
  const name = loadItem("name");
  return typeof name === "string" ? name : undefined;
}
