// What this browser knows of an account, in localStorage like a guest's session.
import { signal } from "@preact/signals";
import { signInReturn } from "../browser/sign-in-return.ts";
import { loadItem, onStorageChange } from "../browser/storage.ts";
import type { Account, Tokens } from "./open-id.ts";

export const account = signal(storedAccount());
/** Why the last sign-in failed, until the person dismisses it. */
export const signInProblem = signal<string | undefined>(undefined);
/** What a sign-in that succeeded has not brought along, until the person dismisses it. */
export const signInNote = signal<string | undefined>(undefined);
/** Whether there is something to say about the account. */
export const hasAccountNotice = () =>
  account.value?.hasExpired === true || signInProblem.value !== undefined || signInNote.value !== undefined;
export const isSigningIn = signal(signInReturn !== undefined || unusedTokens() !== undefined);

export function storedAccount(): Account | undefined {
  return loadItem<Account>("account");
}

/** The tokens of a sign-in whose last step is not done: the server has not said yet whom they prove. */
export function unusedTokens(): Tokens | undefined {
  return loadItem<Tokens>("unusedTokens");
}

/** Changes the signal only if the account has changed: its subscribers connect again. */
export function showStored(): void {
  const stored = storedAccount();
  if (JSON.stringify(stored) !== JSON.stringify(account.peek())) account.value = stored;
}

onStorageChange(showStored);
