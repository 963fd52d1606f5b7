// Work that only one tab of this browser does at a time.

/**
 * Runs `work` while holding a Web Lock. Browsers offer locks only in secure contexts and refuse them when site data is
 * blocked; `work` then runs without a lock, possibly in several tabs at once.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return await work();
  let started = false;
  try {
    return await navigator.locks.request(`parlor.${name}`, () => {
      started = true;
      return work();
    });
  } catch (error) {
    if (started) throw error;
    return await work();
  }
}
