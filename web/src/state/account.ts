// Signing in, and the account that this person has signed in with. One tab renews its token for all.
import { effect } from "@preact/signals";
import { ParlorError } from "../../../client/src/index.ts";
import { withLock } from "../browser/locks.ts";
import { type SignInReturn, signInReturn } from "../browser/sign-in-return.ts";
import { removeItem, saveItem } from "../browser/storage.ts";
import { SIGN_IN_EXPIRED, SIGN_IN_UNREACHABLE } from "../text/sign-in-text.ts";
import { announce } from "./announcer.ts";
import { type Config, config } from "./config.ts";
import { account, isSigningIn, showStored, signInProblem, storedAccount, unusedTokens } from "./known-account.ts";
import type { Account } from "./open-id.ts";

const RETRY_MS = 30_000;
/** The longest time that a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Resolves when the provider's answer in the address, if there was one, has been dealt with. Whoever needs an identity waits. */
export const signInFinished: Promise<void> = finish(signInReturn);

/**
 * Returns the account with a token that is valid by this machine's clock and is not the refused one; undefined if nobody has
 * signed in. Rejects with `unauthorized` if the sign-in has expired, and with `unavailable` if that cannot be found out.
 */
export async function currentAccount(refused?: string): Promise<Account | undefined> {
  await signInFinished;
  const known = storedAccount();
  if (!known) return undefined;
  if (known.token === refused || known.renewAt <= Date.now()) {
    await renew(known.token).catch(() => {
      if (known.token === refused || known.expiresAt <= Date.now()) throw unavailable();
    });
  }
  const current = storedAccount();
  if (current && (current.hasExpired || current.token === refused)) throw expired();
  return current;
}

/** Leaves for the provider's login page, which comes back to the same place. */
export async function signIn(): Promise<void> {
  signInProblem.value = undefined;
  isSigningIn.value = true;
  await explainFailure(({ leaveToSignIn }, settings) => leaveToSignIn(settings));
}

/** Goes on as a guest, under the same name. */
export function forgetAccount(): void {
  removeItem("account");
  showStored();
}

async function finish(back: SignInReturn | undefined): Promise<void> {
  if (back) {
    await explainFailure(async ({ redeem }, settings) => {
      const result = await redeem(settings, back);
      if (typeof result === "string") return result;
      saveItem("unusedTokens", result);
      return undefined;
    });
  }
  if (!unusedTokens()) return;
  await import("./complete-sign-in.ts").then(
    ({ completeSignIn }) => completeSignIn(),
    () => {
      signInProblem.value = SIGN_IN_UNREACHABLE;
    },
  );
}

const openId = () => import("./open-id.ts");

/** `work` returns what the person is told if it fails. */
async function explainFailure(
  work: (chunk: Awaited<ReturnType<typeof openId>>, settings: Config) => Promise<string | undefined>,
): Promise<void> {
  const problem = await config()
    .then(async (settings) => work(await openId(), settings))
    .catch(() => SIGN_IN_UNREACHABLE);
  if (problem === undefined) return;
  isSigningIn.value = false;
  signInProblem.value = problem;
  announce(problem);
}

let renewing: Promise<void> | undefined;

/** Renews the token unless another tab has done it. Rejects if the provider cannot be asked. */
function renew(token: string): Promise<void> {
  renewing ??= withLock("renewal", () => renewStored(token)).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function renewStored(token: string): Promise<void> {
  const known = storedAccount();
  if (known?.token === token && !known.hasExpired) {
    const { signIn: settings } = await config();
    const renewed = settings && (await (await openId()).renewTokens(settings, known));
    // The person may have signed out meanwhile or, in a browser without locks, another tab may have renewed it.
    if (storedAccount()?.token === token) saveItem("account", renewed ? { ...known, ...renewed } : lapsed(known));
  }
  showStored();
}

const lapsed = (known: Account): Account => ({ ...known, hasExpired: true });

function expired(): ParlorError {
  return new ParlorError("unauthorized", "The sign-in has expired: sign in again.", false);
}

function unavailable(): ParlorError {
  return new ParlorError("unavailable", "The identity provider cannot be reached: try again.", true);
}

// The back button returns from the login page to a page that the browser has kept.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) isSigningIn.value = false;
});

let timer: ReturnType<typeof setTimeout> | undefined;

effect(() => {
  clearTimeout(timer);
  const known = account.value;
  if (known?.hasExpired) announce(SIGN_IN_EXPIRED);
  else if (known) planRenewal(known, known.renewAt - Date.now());
});

function planRenewal(known: Account, delay: number): void {
  timer = setTimeout(
    () => {
      renew(known.token).catch(() => planRenewal(known, RETRY_MS));
    },
    Math.min(delay, MAX_TIMER_MS),
  );
}
