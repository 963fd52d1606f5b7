// What only the room's owner can do. What deletes something asks first.
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";
import { clearRoom, endRoom } from "../../state/room-settings.ts";
import { Icon } from "../icons.tsx";
import { SettingsDialog } from "./settings-dialog.tsx";

export function OwnerTools({ room }: { room: Room }) {
  const showsSettings = useSignal(false);
  return (
    <section>
      <h3>You own this room</h3>
      <div class="details-actions">
        <button
          type="button"
          class="button"
          aria-haspopup="dialog"
          onClick={() => {
            showsSettings.value = true;
          }}
        >
          <Icon name="settings" />
          Room settings
        </button>
      </div>
      <Confirmed
        action="Delete all messages"
        question="Delete all messages for everyone? The room stays."
        confirm="Delete all"
        work={() => clearRoom(room)}
      />
      <Confirmed
        action="End room now"
        question="End the room for everyone and delete its messages?"
        confirm="End room"
        work={() => endRoom(room)}
      />
      {showsSettings.value && (
        <SettingsDialog
          room={room}
          onClose={() => {
            showsSettings.value = false;
          }}
        />
      )}
    </section>
  );
}

interface ConfirmedProps {
  action: string;
  question: string;
  confirm: string;
  /** Returns why it failed. */
  work: () => Promise<string | undefined>;
}

function Confirmed({ action, question, confirm, work }: ConfirmedProps) {
  const isAsking = useSignal(false);
  const isWorking = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const group = useRef<HTMLDivElement>(null);
  const wasAsking = useRef(false);

  // Each step takes the focus of the one before.
  useLayoutEffect(() => {
    if (isAsking.value !== wasAsking.current) group.current?.querySelector("button")?.focus();
    wasAsking.current = isAsking.value;
  }, [isAsking.value]);

  async function run() {
    if (isWorking.value) return;
    isWorking.value = true;
    problem.value = await work();
    isWorking.value = false;
    if (problem.value === undefined) isAsking.value = false;
  }

  return (
    <div class="confirmed" ref={group}>
      {isAsking.value ? (
        <>
          <p>{question}</p>
          <div class="details-actions">
            <button
              type="button"
              class="button"
              aria-description={question}
              onClick={() => {
                isAsking.value = false;
              }}
            >
              Cancel
            </button>
            <button type="button" class="button danger" onClick={() => void run()}>
              {isWorking.value ? "Deleting…" : confirm}
            </button>
          </div>
          {problem.value && <p class="problem">{problem.value}</p>}
        </>
      ) : (
        <button
          type="button"
          class="button danger"
          onClick={() => {
            isAsking.value = true;
          }}
        >
          {action}
        </button>
      )}
    </div>
  );
}
