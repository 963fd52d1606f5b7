// What is downloaded when it is first needed, which keeps it out of the first load: a component, or a module of several.
import { signal } from "@preact/signals";

export interface Lazy<T> {
  /** Undefined until it has arrived. Reading it subscribes to its arrival. */
  readonly loaded: T | undefined;
  /** Downloads it. Resolves to false if that failed, which only reloading the page undoes: browsers keep failed imports. */
  load(): Promise<boolean>;
}

export function lazy<T>(download: () => Promise<T>): Lazy<T> {
  const arrived = signal<T | undefined>(undefined);
  let loading: Promise<boolean> | undefined;

  async function arrive(): Promise<boolean> {
    try {
      arrived.value = await download();
      return true;
    } catch {
      return false;
    }
  }

  return {
    get loaded() {
      return arrived.value;
    },
    load() {
      loading ??= arrive();
      return loading;
    },
  };
}
