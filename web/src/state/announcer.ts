// What a screen reader is told. One polite live region (components/announcer.tsx) shows the last few lines.
import { signal } from "@preact/signals";

const KEPT_LINES = 5;
let nextKey = 0;

export const announcements = signal<readonly { key: number; text: string }[]>([]);

export function announce(text: string): void {
  announcements.value = [...announcements.peek(), { key: nextKey++, text }].slice(-KEPT_LINES);
}
