// The last step of signing in: makes the account this page's person, which is the guest that this browser had, if any.
// Until the server has confirmed it, the account's tokens are kept apart, and the page continues as the guest.
import { type Me, ParlorApi, ParlorError, type Session } from "../../../client/src/index.ts";
import { backoff } from "../../../client/src/retry.ts";
import { timing } from "../../../client/src/timing.ts";
import { withLock } from "../browser/locks.ts";
import { loadItem, onStorageChange, removeItem, saveItem } from "../browser/storage.ts";
import { isRefusal } from "../text/error-text.ts";
import { GUEST_STAYS, SIGN_IN_DELAYED, signInProblemText } from "../text/sign-in-outcome.ts";
import { announce } from "./announcer.ts";
import { config } from "./config.ts";
import { isSigningIn, showStored, signInNote, signInProblem, unusedTokens } from "./known-account.ts";
import type { Account, Tokens } from "./open-id.ts";

let running: Promise<void> | undefined;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Resolves after one attempt. One that failed is repeated until the server answers or the person cancels. */
export function completeSignIn(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  // The lock under which guests are created: nobody becomes one meanwhile.
  running ??= withLock("session", attempt)
    .catch(tryAgain)
    .finally(() => {
      running = undefined;
    });
  return running;
}

export function cancelSignIn(): void {
  clearTimeout(timer);
  finish();
}

async function attempt(): Promise<void> {
  const tokens = await validTokens();
  if (!tokens) return finish();
  const { apiUrl } = await config();
  const guest = loadItem<Session>("session");
  const [person, note] = await personOf(new ParlorApi(apiUrl, async () => tokens.token), guest);
  // The person may have cancelled meanwhile or, in a browser without locks, another tab may have done it.
  if (unusedTokens()?.token !== tokens.token) return finish();
  // In this order, whatever is not done any more is done again.
  removeItem("session");
  saveItem("account", { ...tokens, userId: person.userId, name: person.name } satisfies Account);
  saveItem("name", person.name);
  finish();
  signInNote.value = note;
  if (note !== undefined) announce(note);
}

/** The person whom the account is from now on, and what to tell them. Nothing else may be requested with its token before. */
async function personOf(api: ParlorApi, guest: Session | undefined): Promise<[Me, string?]> {
  if (!guest) return [await api.me()];
  try {
    return [await api.linkGuest(guest.token)];
  } catch (error) {
    if (isRefusal(error, "alreadyLinked")) return [await api.me(), GUEST_STAYS];
    // One of the two tokens has expired. If it is the account's, this is refused too.
    if (isRefusal(error, "unauthorized")) return [await api.me()];
    throw error;
  }
}

/** Renews the tokens if a failure has lasted longer than they. */
async function validTokens(): Promise<Tokens | undefined> {
  const tokens = unusedTokens();
  if (!tokens || tokens.renewAt > Date.now()) return tokens;
  const { signIn: settings } = await config();
  const renewed = settings && (await (await import("./open-id.ts")).renewTokens(settings, tokens));
  if (renewed) saveItem("unusedTokens", renewed);
  else if (tokens.expiresAt <= Date.now()) throw new ParlorError("unauthorized", "The sign-in has expired.", false);
  return renewed ?? tokens;
}

function tryAgain(error: unknown): void {
  if (error instanceof ParlorError && !error.retryable) {
    finish();
    tell(signInProblemText(isRefusal(error, "unauthorized") ? "refused" : "failed"));
    return;
  }
  tell(SIGN_IN_DELAYED);
  const atLeast = error instanceof ParlorError ? (error.retryAfterMs ?? 0) : 0;
  timer = setTimeout(() => void completeSignIn(), atLeast + backoff(failures++, timing));
}

function finish(): void {
  removeItem("unusedTokens");
  failures = 0;
  isSigningIn.value = false;
  signInProblem.value = undefined;
  showStored();
}

function tell(problem: string): void {
  if (signInProblem.peek() !== problem) announce(problem);
  signInProblem.value = problem;
}

onStorageChange(() => {
  if (timer !== undefined && !unusedTokens()) void completeSignIn();
});
