// Who this person is signed in as, with a way out, or the way in. Nothing on a stage where everyone is a guest.
import { account, isSigningIn, signIn } from "../../state/account.ts";
import { knownConfig } from "../../state/config.ts";
import { signOut } from "../../state/sign-out.ts";

export function AccountControl() {
  const known = account.value;
  if (!known) return knownConfig.value?.signIn ? <SignInButton /> : null;
  return (
    <div class="account">
      <span class="account-name">
        <span class="visually-hidden">Signed in as </span>
        <bdi>{known.name}</bdi>
      </span>
      <button type="button" class="link-button" onClick={() => void signOut()}>
        Sign out
      </button>
    </div>
  );
}

export function SignInButton({ text = "Sign in", primary = false }: { text?: string; primary?: boolean }) {
  return (
    <button type="button" class={primary ? "button primary" : "button"} onClick={() => void signIn()}>
      {isSigningIn.value ? "Signing in…" : text}
    </button>
  );
}
