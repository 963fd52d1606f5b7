// What the page shows of accounts, in a chunk that loads where there are accounts.
import { effect } from "@preact/signals";
import { account, hasAccountNotice } from "../../state/account.ts";
import { knownConfig } from "../../state/config.ts";
import { lazy } from "../lazy.ts";

export const accountUi = lazy(() => import("./account-parts.ts"));

/** Loads it as soon as the stage turns out to have an identity provider, or somebody has signed in here. */
export function loadAccountUi(): void {
  effect(() => {
    if (knownConfig.value?.signIn || account.value || hasAccountNotice()) void accountUi.load();
  });
}
