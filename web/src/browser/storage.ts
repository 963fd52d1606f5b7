// Small values in localStorage, shared by all tabs. Each fact has its own key: a tab that rewrote a whole list would
// drop what another tab has just added.

const PREFIX = "parlor.";

/** Values that the browser refused to store (private mode, policy, quota). They last as long as this tab. */
const unsaved = new Map<string, string>();

export function loadItem<T>(key: string): T | undefined {
  try {
    const stored = unsaved.get(PREFIX + key) ?? localStorage.getItem(PREFIX + key);
    return stored === null ? undefined : (JSON.parse(stored) as T);
  } catch {
    return undefined;
  }
}

let isClosed = false;

/** Until the page is loaded again, this tab stores nothing any more. */
export function closeStorage(): void {
  isClosed = true;
}

export function saveItem(key: string, value: unknown): void {
  if (isClosed) return;
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(PREFIX + key, text);
    unsaved.delete(PREFIX + key);
  } catch {
    unsaved.set(PREFIX + key, text);
  }
}

export function removeItem(key: string): void {
  unsaved.delete(PREFIX + key);
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Storage is blocked, so nothing was stored.
  }
}

/** Returns the keys that start with `prefix`, without it. */
export function itemKeys(prefix: string): string[] {
  const start = PREFIX + prefix;
  return [...new Set([...unsaved.keys(), ...storedKeys()])]
    .filter((key) => key.startsWith(start))
    .map((key) => key.slice(start.length));
}

/** Calls `reload` whenever another tab may have changed what is stored. */
export function onStorageChange(reload: () => void): void {
  addEventListener("storage", ({ key }) => {
    // Another tab's change is newer than the value that this tab failed to store.
    if (key === null) unsaved.clear();
    else unsaved.delete(key);
    reload();
  });
  // A tab that was frozen or in the back/forward cache receives no storage events.
  addEventListener("pageshow", reload);
  document.addEventListener("visibilitychange", reload);
}

function storedKeys(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}
