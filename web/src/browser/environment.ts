// Signals for the page's environment: visibility, width, pointer and time.
import { signal } from "@preact/signals";

export const visible = signal(!document.hidden);

/** Wide enough for rooms, log and people side by side. The breakpoint must match styles/layout.css. */
const wideQuery = matchMedia("(min-width: 1100px)");
export const wide = signal(wideQuery.matches);

/** Too narrow for two columns in the lobby. The breakpoint must match styles/lobby.css. */
const narrowQuery = matchMedia("(max-width: 859px)");
export const narrow = signal(narrowQuery.matches);

/** True with a mouse or trackpad. Without one, focusing a text field opens the on-screen keyboard. */
export const hasFinePointer = matchMedia("(pointer: fine)").matches;

/** Updated every 30 seconds, for texts like "5 minutes ago" and "Today". */
export const now = signal(Date.now());

export function trackEnvironment(): void {
  document.addEventListener("visibilitychange", () => {
    visible.value = !document.hidden;
    now.value = Date.now();
  });
  wideQuery.addEventListener("change", () => {
    wide.value = wideQuery.matches;
  });
  narrowQuery.addEventListener("change", () => {
    narrow.value = narrowQuery.matches;
  });
  setInterval(() => {
    now.value = Date.now();
  }, 30_000);
}
