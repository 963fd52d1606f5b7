// A message of somebody whom this person blocks, collapsed until they want to see it.
import type { Signal } from "@preact/signals";

export function BlockedMessage({ shows }: { shows: Signal<boolean> }) {
  return (
    <p class="blocked-message">
      Blocked message
      <button
        type="button"
        class="link-button"
        onClick={() => {
          shows.value = true;
        }}
      >
        Show
      </button>
    </p>
  );
}
