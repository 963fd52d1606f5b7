// Who this person is, as a button that opens everything about them; and the way in or out, on stages with accounts.
import { useSignal } from "@preact/signals";
import { signIn } from "../../state/account.ts";
import { announce } from "../../state/announcer.ts";
import { knownConfig } from "../../state/config.ts";
import { connection } from "../../state/connection.ts";
import { ownHandle } from "../../state/handles.ts";
import { displayName, storedSession } from "../../state/identity.ts";
import { account, isSigningIn } from "../../state/known-account.ts";
import { signOut } from "../../state/sign-out.ts";
import { Icon } from "../icon.tsx";
import { lazy } from "../lazy.ts";

const dialog = lazy(async () => (await import("./person-dialog.tsx")).PersonDialog);

export function AccountControl() {
  const isOpen = useSignal(false);
  // A guest is somebody once they have connected.
  void connection.value;
  const known = account.value;
  const isSomebody = storedSession() !== undefined;
  if (!isSomebody && !knownConfig.value?.signIn) return null;
  const PersonDialog = dialog.loaded;

  async function open() {
    if (await dialog.load()) isOpen.value = true;
    else announce("Couldn't load this. Reload the page.");
  }

  return (
    <div class="account">
      {isSomebody && (
        <button type="button" class="account-name" aria-haspopup="dialog" onClick={() => void open()}>
          <span class="visually-hidden">{known ? "Signed in as " : "You: "}</span>
          <span>
            <bdi>{known?.name ?? displayName.value ?? "Guest"}</bdi>
            {ownHandle.value && <bdi class="hint">@{ownHandle.value}</bdi>}
          </span>
          <Icon name="more" />
        </button>
      )}
      {known && (
        <button type="button" class="link-button" onClick={() => void signOut()}>
          Sign out
        </button>
      )}
      {!known && knownConfig.value?.signIn && <SignInButton />}
      {isOpen.value && PersonDialog && (
        <PersonDialog
          onClose={() => {
            isOpen.value = false;
          }}
        />
      )}
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
