// What a screen reader is told: at most one announcement per second. One polite live region (components/announcer.tsx)
// shows the last few.
import { signal } from "@preact/signals";

const INTERVAL_MS = 1000;
const KEPT = 5;

/** Says in one sentence what several announcements of the same kind would say. */
export type Summary = (amount: number) => string;

interface Waiting {
  text: string;
  /** Also says which announcements are of the same kind. */
  summary: Summary | undefined;
}

let waiting: Waiting[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let lastAt = Number.NEGATIVE_INFINITY;
let nextKey = 0;

export const announcements = signal<readonly { key: number; text: string }[]>([]);

export function announce(text: string, summary?: Summary): void {
  waiting.push({ text, summary });
  if (timer === undefined) timer = setTimeout(tell, Math.max(0, lastAt + INTERVAL_MS - performance.now()));
}

function tell(): void {
  const kinds = new Map<Summary | string, Waiting[]>();
  for (const each of waiting) {
    const kind = each.summary ?? each.text;
    kinds.set(kind, [...(kinds.get(kind) ?? []), each]);
  }
  const sentences = [...kinds].map(([kind, alike]) =>
    typeof kind === "function" && alike.length > 1 ? kind(alike.length) : (alike[0]?.text ?? ""),
  );
  waiting = [];
  timer = undefined;
  lastAt = performance.now();
  const text = sentences.reduce((before, next) => `${before}${/[.!?…]$/.test(before) ? "" : "."} ${next}`);
  announcements.value = [...announcements.peek(), { key: nextKey++, text }].slice(-KEPT);
}
