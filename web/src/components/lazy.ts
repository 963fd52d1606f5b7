// Components that are downloaded when they are first needed, which keeps them out of the first load.
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";

export interface LazyComponent<Props> {
  /** Undefined until it has arrived. Reading it subscribes to its arrival. */
  readonly component: ComponentType<Props> | undefined;
  /** Downloads it. Resolves to false if that failed, which only reloading the page undoes: browsers keep failed imports. */
  load(): Promise<boolean>;
}

export function lazy<Props>(download: () => Promise<ComponentType<Props>>): LazyComponent<Props> {
  const arrived = signal<ComponentType<Props> | undefined>(undefined);
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
    get component() {
      return arrived.value;
    },
    load() {
      loading ??= arrive();
      return loading;
    },
  };
}
