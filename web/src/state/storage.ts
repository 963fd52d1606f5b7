// Remembers small values for this site. A browser that refuses storage (private mode, policy) only forgets sooner.

export function recall<T>(key: string): T | undefined {
  try {
    const stored = localStorage.getItem(`parlor.${key}`);
    return stored === null ? undefined : (JSON.parse(stored) as T);
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`parlor.${key}`, JSON.stringify(value));
  } catch {
    // Refused or full: the value lives as long as this tab.
  }
}
