// Offers to sign in to somebody who is about to enter a room as a guest.
import { signIn } from "../../state/account.ts";
import { knownConfig } from "../../state/config.ts";
import { account, isSigningIn, signInProblem } from "../../state/known-account.ts";

export function SignInOffer() {
  if (account.value || !knownConfig.value?.signIn) return null;
  return (
    <>
      <p class="sign-in-offer hint">
        or{" "}
        <button type="button" class="link-button" onClick={() => void signIn()}>
          {isSigningIn.value ? "signing in…" : "sign in"}
        </button>
      </p>
      {signInProblem.value !== undefined && <p class="problem">{signInProblem.value}</p>}
    </>
  );
}
