// Whether the list of keyboard shortcuts and the switcher are shown, and whether `?` opens the list.
import { signal } from "@preact/signals";
import { loadItem, onStorageChange, removeItem, saveItem } from "../browser/storage.ts";

export const showsShortcuts = signal(false);
export const showsSwitcher = signal(false);

/** Whether ⌘ is the key for shortcuts, and not Ctrl. */
export const isMac = /^(Mac|iP)/.test(navigator.platform);

/** A key without a modifier disturbs people who speak or press keys by accident, so they can turn it off. */
export const questionMarkOpens = signal(isOn());

onStorageChange(() => {
  questionMarkOpens.value = isOn();
});

export function setQuestionMarkOpens(opens: boolean): void {
  if (opens) removeItem("noQuestionMark");
  else saveItem("noQuestionMark", true);
  questionMarkOpens.value = opens;
}

function isOn(): boolean {
  return loadItem("noQuestionMark") !== true;
}
