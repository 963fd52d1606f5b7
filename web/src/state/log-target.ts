// The message that the log goes to. It may have to load older messages first.
import { signal } from "@preact/signals";

/** A number in the log. Undefined once the log is there, or has found that it does not exist. */
export const logTarget = signal<number | undefined>(undefined);
