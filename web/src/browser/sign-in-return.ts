// Back from the identity provider: takes its answer out of the address, and puts back the one that the person came from. Runs
// before anything reads the address.

/** What a sign-in needs again when the provider answers. */
export interface SignInAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The fragment of the address that the person came from. */
  readonly from: string;
}

export interface SignInReturn {
  readonly answer: URLSearchParams;
  /** Undefined if this tab did not ask for the answer. */
  readonly attempt: SignInAttempt | undefined;
}

const KEY = "parlor.signing-in";

/** In sessionStorage: it belongs to this tab and ends with it. Throws if the browser blocks site data. */
export function storeAttempt(attempt: SignInAttempt): void {
  sessionStorage.setItem(KEY, JSON.stringify(attempt));
}

export const signInReturn = takeReturn();

function takeReturn(): SignInReturn | undefined {
  const answer = new URLSearchParams(location.search);
  if (!answer.has("state") || !(answer.has("code") || answer.has("error"))) return undefined;
  const stored = takeAttempt();
  const attempt = stored?.state === answer.get("state") ? stored : undefined;
  history.replaceState(null, "", `/${attempt?.from ?? location.hash}`);
  return { answer, attempt };
}

function takeAttempt(): SignInAttempt | undefined {
  try {
    const stored = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return stored === null ? undefined : (JSON.parse(stored) as SignInAttempt);
  } catch {
    return undefined;
  }
}
