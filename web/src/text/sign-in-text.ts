// The words for a sign-in that failed or has ended.

/** - `stale`: the answer belongs to no attempt of this tab. - `refused`: Parlor does not accept the account. */
export type SignInFailure = "cancelled" | "unreachable" | "stale" | "refused" | "failed";

export const SIGN_IN_UNREACHABLE =
  "The sign-in page cannot be reached at the moment. Check your connection, then try again.";

const sentences: Record<SignInFailure, string> = {
  cancelled: "You cancelled signing in.",
  unreachable: SIGN_IN_UNREACHABLE,
  stale: "This sign-in is no longer valid. Sign in again.",
  refused: "Parlor does not accept this account. Sign in with another one.",
  failed: "Signing in failed. Check that the clock of this device is right, then try again.",
};

export const SIGN_IN_EXPIRED = "Your sign-in has expired.";

export function signInProblemText(failure: SignInFailure): string {
  return sentences[failure];
}
