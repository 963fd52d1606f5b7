// Loads older messages, one page at a time. After a failure, it loads again only when the person asks.
import { type ReadonlySignal, type Signal, useSignal } from "@preact/signals";
import type { Room } from "../../../../client/src/index.ts";

export interface OlderMessages {
  isLoading: ReadonlySignal<boolean>;
  failed: Signal<boolean>;
  load: () => void;
  retry: () => void;
}

export function useOlderMessages(room: Room): OlderMessages {
  const isLoading = useSignal(false);
  const failed = useSignal(false);

  async function loadPage() {
    isLoading.value = true;
    try {
      await room.loadOlder();
    } catch {
      failed.value = true;
    } finally {
      isLoading.value = false;
    }
  }

  return {
    isLoading,
    failed,
    load: () => {
      if (!isLoading.peek() && !failed.peek() && room.hasOlder) void loadPage();
    },
    retry: () => {
      failed.value = false;
      void loadPage();
    },
  };
}
