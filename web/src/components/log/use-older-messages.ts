// Loads older messages, one page at a time, and stops at a failure until somebody asks again.
import { type Signal, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";

interface Older {
  failed: Signal<boolean>;
  load: () => void;
  retry: () => void;
}

export function useOlder(room: Room): Older {
  const busy = useRef(false);
  const failed = useSignal(false);

  async function work() {
    busy.current = true;
    try {
      await room.loadOlder();
    } catch {
      failed.value = true;
    } finally {
      busy.current = false;
    }
  }

  return {
    failed,
    load: () => {
      if (!busy.current && !failed.value && room.hasOlder) void work();
    },
    retry: () => {
      failed.value = false;
      void work();
    },
  };
}
