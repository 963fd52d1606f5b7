// Work that only one tab of this browser does at a time.

/** Browsers have locks only in secure contexts; without them, tabs may do the same work beside each other. */
export function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(`parlor.${name}`, work) : work();
}
