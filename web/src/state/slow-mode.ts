// How long slow mode keeps this person from sending their next message.
import { signal } from "@preact/signals";

/** In milliseconds; 0 if they can send now. components/room/slow-mode.tsx counts it down. */
export const slowModeLeft = signal(0);
