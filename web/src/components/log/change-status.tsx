// Below a message: this person's change of it that is being saved or was refused.
import { useComputed } from "@preact/signals";
import type { Room, RoomMessage } from "../../../../client/src/index.ts";
import { startEditing } from "../../state/editing.ts";
import { dismissFailedChange, pendingChangeOf } from "../../state/pending-changes.ts";
import { excerpt, messageLabel } from "../../text/message-label.ts";
import { Icon } from "../icon.tsx";

export function ChangeStatus({ message, room }: { message: RoomMessage; room: Room }) {
  const change = useComputed(() => pendingChangeOf(room, message)).value;
  if (!change) return null;
  const { error, text, mentioned } = change;
  if (error === undefined) return <p class="status sending">Saving…</p>;
  return (
    <div class="status not-sent">
      <p>
        <Icon name="warning" />
        Change not saved. {error}
      </p>
      {text !== undefined && !message.deletedAt && (
        <button
          type="button"
          class="link-button"
          aria-label={`Edit again: ${excerpt(text)}`}
          onClick={() => startEditing(message, text, mentioned)}
        >
          Edit again
        </button>
      )}
      <button
        type="button"
        class="link-button"
        aria-label={`Dismiss: ${messageLabel(message)} was not changed`}
        onClick={() => dismissFailedChange(room, message)}
      >
        Dismiss
      </button>
    </div>
  );
}
