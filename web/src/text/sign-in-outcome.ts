// The words for what comes of a sign-in. In the chunks that only people who sign in download.
import { brandName } from "../../brand.ts";
import { SIGN_IN_UNREACHABLE } from "./sign-in-text.ts";

/** - `stale`: the answer belongs to no attempt of this tab. - `refused`: Parlor does not accept the account. */
export type SignInFailure = "cancelled" | "unreachable" | "stale" | "refused" | "failed";

const sentences: Record<SignInFailure, string> = {
  cancelled: "You cancelled signing in.",
  unreachable: SIGN_IN_UNREACHABLE,
  stale: "This sign-in is no longer valid. Sign in again.",
  refused: `${brandName} does not accept this account. Sign in with another one.`,
  failed: "Signing in failed. Check that the clock of this device is right, then try again.",
};

export function signInProblemText(failure: SignInFailure): string {
  return sentences[failure];
}

/** The provider has answered, and Parlor has not. */
export const SIGN_IN_DELAYED = `${brandName} cannot be reached at the moment. You will be signed in as soon as it can; until then you are a guest.`;

export const GUEST_STAYS =
  "This account was used here before. What you did as a guest is not part of it, and stays in the guest's rooms, reached by their links.";
