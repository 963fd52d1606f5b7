// Signing out, which loads with the button for it.
import { removeItem } from "../browser/storage.ts";
import { forgetAccount } from "./account.ts";
import { config } from "./config.ts";
import { storedAccount } from "./known-account.ts";

/** Ends the session in this browser and at the provider. */
export async function signOut(): Promise<void> {
  const known = storedAccount();
  removeItem("name");
  forgetAccount();
  if (!known) return;
  const { signIn: settings } = await config();
  // Without an answer of the provider, the session here has ended all the same.
  const end =
    settings &&
    (await import("./open-id.ts").then(({ endSession }) => endSession(settings, known)).catch(() => undefined));
  if (end !== undefined) location.assign(end);
}
