// What the browser tells: is the page looked at, how wide is it, what time is it.
import { signal } from "@preact/signals";

export const visible = signal(!document.hidden);

/** Wide enough for the rooms, the conversation and the people side by side. Same number as in layout.css. */
const wideQuery = matchMedia("(min-width: 1100px)");
export const wide = signal(wideQuery.matches);

/** A mouse or trackpad; without one, focusing a text field would open the on-screen keyboard. */
export const finePointer = matchMedia("(pointer: fine)").matches;

/** Moves every half minute, for texts like "5 minutes ago" and "Today". */
export const now = signal(Date.now());

export function followBrowser(): void {
  document.addEventListener("visibilitychange", () => {
    visible.value = !document.hidden;
    now.value = Date.now();
  });
  wideQuery.addEventListener("change", () => {
    wide.value = wideQuery.matches;
  });
  setInterval(() => {
    now.value = Date.now();
  }, 30_000);
}
