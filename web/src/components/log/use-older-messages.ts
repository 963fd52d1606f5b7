// Loads older messages, one page at a time. After a failure, it loads again only when the person asks.
import { type Signal, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";

interface OlderMessages {
  failed: Signal<boolean>;
  load: () => void;
  retry: () => void;
}

export function useOlderMessages(room: Room): OlderMessages {
  const isLoading = useRef(false);
  const failed = useSignal(false);

  async function loadPage() {
    isLoading.current = true;
    try {
      await room.loadOlder();
    } catch {
      failed.value = true;
    } finally {
      isLoading.current = false;
    }
  }

  return {
    failed,
    load: () => {
      if (!isLoading.current && !failed.value && room.hasOlder) void loadPage();
    },
    retry: () => {
      failed.value = false;
      void loadPage();
    },
  };
}
