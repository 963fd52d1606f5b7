// This person's handle, and those of people who were looked up here. In chunks that load after the page.
import { signal } from "@preact/signals";
import type { Person, Profile } from "../../../client/src/index.ts";
import { loadItem, onStorageChange, removeItem, saveItem } from "../browser/storage.ts";
import { isRefusal } from "../text/error-text.ts";
import { signInFinished } from "./account.ts";
import { authenticatedApi, publicApi, storedSession } from "./identity.ts";
import { account } from "./known-account.ts";

/** Without `@`. Undefined if this person has none or it is not known. */
export const ownHandle = signal<string | undefined>(undefined);

/** The handle that this person had until somebody else took it: it was not renewed in time. */
export const lostHandle = signal<string | undefined>(undefined);

/** The handles of others, by user id. Somebody else may have one later, so nothing is stored. */
export const knownHandles = signal<ReadonlyMap<string, string>>(new Map());

function showStored(): void {
  const known = loadItem<{ userId: string; handle: string }>("handle");
  ownHandle.value = known && known.userId === storedSession()?.userId ? known.handle : undefined;
}

account.subscribe(showStored);
onStorageChange(showStored);

function store({ userId }: Person, handle: string | undefined): void {
  if (handle === undefined) removeItem("handle");
  else saveItem("handle", { userId, handle });
  showStored();
}

/** Asks the server for it. Rejects with a ParlorError. */
export async function loadOwnHandle(): Promise<void> {
  const me = await (await authenticatedApi()).me();
  store(me, me.handle);
}

/** Rejects with `handleTaken`, `invalidField` or what may pass. */
export async function claimHandle(handle: string): Promise<void> {
  const profile = await (await authenticatedApi()).claimHandle(handle);
  lostHandle.value = undefined;
  store(profile, profile.handle);
}

export async function releaseHandle(): Promise<void> {
  await (await authenticatedApi()).releaseHandle();
  removeItem("handle");
  showStored();
}

/** Claims the stored handle again, so that a guest keeps it for 30 days more, and with it the present name. */
export async function renewHandle(): Promise<void> {
  await signInFinished;
  showStored();
  const handle = ownHandle.peek();
  if (handle === undefined) return;
  try {
    await claimHandle(handle);
  } catch (error) {
    // Anything else may pass: the next start tries again.
    if (!isRefusal(error, "handleTaken")) return;
    removeItem("handle");
    showStored();
    lostHandle.value = handle;
  }
}

/** Returns who has a handle. Rejects with `personNotFound`, `invalidField` or what may pass. */
export async function lookUp(handle: string): Promise<Profile> {
  const profile = await (await publicApi()).person(handle);
  knownHandles.value = new Map(knownHandles.peek()).set(profile.userId, profile.handle);
  return profile;
}

export function handleOf(userId: string): string | undefined {
  return userId === storedSession()?.userId ? ownHandle.value : knownHandles.value.get(userId);
}
