// Small values that this site remembers. Every tab reads and writes them, so each fact has a key of its own: a tab that
// rewrote a whole list would drop what another tab has added meanwhile.

const PREFIX = "parlor.";

/** What the browser refuses to store (private mode, policy, no space left) lives as long as this tab. */
const unsaved = new Map<string, string>();

export function recall<T>(key: string): T | undefined {
  try {
    const stored = unsaved.get(PREFIX + key) ?? localStorage.getItem(PREFIX + key);
    return stored === null ? undefined : (JSON.parse(stored) as T);
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(PREFIX + key, text);
    unsaved.delete(PREFIX + key);
  } catch {
    unsaved.set(PREFIX + key, text);
  }
}

export function forget(key: string): void {
  unsaved.delete(PREFIX + key);
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Nothing was stored.
  }
}

/** What follows the prefix in each key that starts with it. */
export function keysAfter(prefix: string): string[] {
  const start = PREFIX + prefix;
  return [...new Set([...unsaved.keys(), ...storedKeys()])]
    .filter((key) => key.startsWith(start))
    .map((key) => key.slice(start.length));
}

/** Calls `read` whenever another tab may have changed what is stored. */
export function onStorageChange(read: () => void): void {
  addEventListener("storage", ({ key }) => {
    // What another tab could store or remove is newer than what this one could not store.
    if (key === null) unsaved.clear();
    else unsaved.delete(key);
    read();
  });
  // A tab that was frozen or in the back/forward cache was not told.
  addEventListener("pageshow", read);
  document.addEventListener("visibilitychange", read);
}

function storedKeys(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}
