// Says that the sign-in has expired, that signing in failed or what it did not bring along, and what the person can do.
import { forgetAccount } from "../../state/account.ts";
import { knownConfig } from "../../state/config.ts";
import { account, hasAccountNotice, isSigningIn, signInNote, signInProblem } from "../../state/known-account.ts";
import { SIGN_IN_EXPIRED } from "../../text/sign-in-text.ts";
import { Icon } from "../icon.tsx";
import { SignInButton } from "./account-control.tsx";

/** It has loaded if a sign-in is delayed. */
const completion = () => import("../../state/complete-sign-in.ts");

/** `isBanner`: over a room's log. */
export function AccountNotice({ isBanner = false }: { isBanner?: boolean }) {
  if (!hasAccountNotice()) return null;
  const hasExpired = account.value?.hasExpired === true;
  const problem = signInProblem.value;
  const told = problem ?? signInNote.value;
  const isDelayed = problem !== undefined && isSigningIn.value;
  return (
    <div class={isBanner ? "banner account-banner" : "account-notice"}>
      <Icon name={problem === undefined && !hasExpired ? "info" : "warning"} />
      <p>
        {told ?? <strong>{SIGN_IN_EXPIRED}</strong>}
        {hasExpired && isBanner && " Messages may not be sent."}
      </p>
      <div class="account-actions">
        {isDelayed && (
          <>
            <button
              type="button"
              class="button"
              onClick={() => void completion().then(({ completeSignIn }) => completeSignIn())}
            >
              Try now
            </button>
            <button
              type="button"
              class="button"
              onClick={() => void completion().then(({ cancelSignIn }) => cancelSignIn())}
            >
              Cancel
            </button>
          </>
        )}
        {!isDelayed && (hasExpired || problem !== undefined) && (
          <SignInButton text={hasExpired ? "Sign in again" : "Try again"} />
        )}
        {!isDelayed && hasExpired && knownConfig.value?.guests !== false && (
          <button type="button" class="button" onClick={continueAsGuest}>
            Continue as guest
          </button>
        )}
        {!isDelayed && !hasExpired && (
          <button type="button" class="button" onClick={dismiss}>
            OK
          </button>
        )}
      </div>
    </div>
  );
}

function dismiss(): void {
  signInProblem.value = undefined;
  signInNote.value = undefined;
}

function continueAsGuest(): void {
  forgetAccount();
  dismiss();
}
