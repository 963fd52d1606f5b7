// Under a message that one is changing: on its way, or why it was refused.
import { useComputed } from "@preact/signals";
import type { Room, RoomMessage } from "../../../../client/src/index.ts";
import { startEditing } from "../../state/editing.ts";
import { attemptAt, dismiss } from "../../state/pending-changes.ts";
import { describe, excerpt } from "../../text/message-label.ts";
import { Icon } from "../icon.tsx";

export function ChangeStatus({ message, room }: { message: RoomMessage; room: Room }) {
  const attempt = useComputed(() => attemptAt(room, message)).value;
  if (!attempt) return null;
  const { error, text } = attempt;
  if (error === undefined) return <p class="status sending">Saving…</p>;
  return (
    <div class="status not-sent">
      <p>
        <Icon name="warning" />
        Not changed. {error}
      </p>
      {text !== undefined && !message.deletedAt && (
        <button
          type="button"
          class="link-button"
          aria-label={`Edit again: ${excerpt(text)}`}
          onClick={() => startEditing(message, text)}
        >
          Edit again
        </button>
      )}
      <button
        type="button"
        class="link-button"
        aria-label={`Dismiss: ${describe(message)} was not changed`}
        onClick={() => dismiss(room, message)}
      >
        Dismiss
      </button>
    </div>
  );
}
