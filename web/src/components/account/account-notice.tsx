// Says that the sign-in has expired or that signing in failed, and what the person can do.
import { account, forgetAccount, hasAccountNotice, signInProblem } from "../../state/account.ts";
import { knownConfig } from "../../state/config.ts";
import { SIGN_IN_EXPIRED } from "../../text/sign-in-text.ts";
import { Icon } from "../icon.tsx";
import { SignInButton } from "./account-control.tsx";

/** `isBanner`: over a room's log. */
export function AccountNotice({ isBanner = false }: { isBanner?: boolean }) {
  if (!hasAccountNotice()) return null;
  const hasExpired = account.value?.hasExpired === true;
  return (
    <div class={isBanner ? "banner account-banner" : "account-notice"}>
      <Icon name="warning" />
      <p>
        {signInProblem.value === undefined ? <strong>{SIGN_IN_EXPIRED}</strong> : signInProblem.value}
        {hasExpired && isBanner && " Messages may not be sent."}
      </p>
      <div class="account-actions">
        <SignInButton text={hasExpired ? "Sign in again" : "Try again"} />
        {hasExpired && knownConfig.value?.guests !== false && (
          <button type="button" class="button" onClick={continueAsGuest}>
            Continue as guest
          </button>
        )}
        {!hasExpired && (
          <button
            type="button"
            class="button"
            onClick={() => {
              signInProblem.value = undefined;
            }}
          >
            OK
          </button>
        )}
      </div>
    </div>
  );
}

function continueAsGuest(): void {
  forgetAccount();
  signInProblem.value = undefined;
}
