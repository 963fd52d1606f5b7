// Work that only one tab of this browser does at a time.

/**
 * Browsers have locks only in secure contexts, and refuse them where site data is blocked; without them, tabs may do the
 * same work beside each other.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return await work();
  let begun = false;
  try {
    return await navigator.locks.request(`parlor.${name}`, () => {
      begun = true;
      return work();
    });
  } catch (error) {
    if (begun) throw error;
    return await work();
  }
}
