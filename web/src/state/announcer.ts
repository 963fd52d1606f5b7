// Announcements for screen readers, at most one per second. components/announcer.tsx renders the latest.
import { signal } from "@preact/signals";

const INTERVAL_MS = 1000;
/** How many announcements stay in the live region. */
const MAX_RENDERED = 5;

/** Replaces several announcements of the same kind by one sentence. */
export type Summary = (amount: number) => string;

interface Queued {
  text: string;
  /** Announcements with the same function are of the same kind. */
  summary: Summary | undefined;
}

let queue: Queued[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let lastAt = Number.NEGATIVE_INFINITY;
let nextKey = 0;

export const announcements = signal<readonly { key: number; text: string }[]>([]);

export function announce(text: string, summary?: Summary): void {
  queue.push({ text, summary });
  if (timer === undefined) timer = setTimeout(flush, Math.max(0, lastAt + INTERVAL_MS - performance.now()));
}

function flush(): void {
  const kinds = new Map<Summary | string, Queued[]>();
  for (const each of queue) {
    const kind = each.summary ?? each.text;
    kinds.set(kind, [...(kinds.get(kind) ?? []), each]);
  }
  const sentences = [...kinds].map(([kind, alike]) =>
    typeof kind === "function" && alike.length > 1 ? kind(alike.length) : (alike[0]?.text ?? ""),
  );
  queue = [];
  timer = undefined;
  lastAt = performance.now();
  const text = sentences.reduce((before, next) => `${before}${/[.!?…]$/.test(before) ? "" : "."} ${next}`);
  announcements.value = [...announcements.peek(), { key: nextKey++, text }].slice(-MAX_RENDERED);
}
