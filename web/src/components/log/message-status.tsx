// Below this person's own messages: pending, sent, or failed with what to do about it.
import type { Room, RoomMessage } from "../../../../client/src/index.ts";
import { connection } from "../../state/connection.ts";
import { withStoredIdentity } from "../../state/identity.ts";
import { discard, resend } from "../../state/outbox.ts";
import { isRefusal, sendErrorText } from "../../text/error-text.ts";
import { excerpt } from "../../text/message-label.ts";
import { clockTime } from "../../text/time.ts";
import { Icon } from "../icon.tsx";

export function MessageStatus({ message, room }: { message: RoomMessage; room: Room }) {
  if (message.status === "pending") {
    return (
      <p class="status sending">
        <Icon name="clock" />
        {connection.value.state === "open" ? "Sending…" : "Waiting for the connection"}
      </p>
    );
  }
  if (message.status === "sent") {
    return (
      <p class="status">
        <span aria-hidden="true">{clockTime(message.at)}</span>
        <span class="visually-hidden">Sent</span>
        <Icon name="check" />
      </p>
    );
  }
  const isHeld = isRefusal(message.error, "held");
  const explanation = message.error?.explanation;
  return (
    <div class={`status not-sent${isHeld ? " held" : ""}`}>
      <p>
        <Icon name={isHeld ? "clock" : "warning"} />
        {isHeld || "Not sent. "}
        {sendErrorText(message.error)}
        {explanation && (
          <>
            {" "}
            <q dir="auto">{explanation}</q>
          </>
        )}
      </p>
      <button
        type="button"
        class="link-button"
        aria-label={`Try again to send: ${excerpt(message.text)}`}
        onClick={() => resend(message.id, withStoredIdentity(room.you))}
      >
        Try again
      </button>
      <button
        type="button"
        class="link-button"
        aria-label={`Discard: ${excerpt(message.text)}`}
        onClick={() => discard(message.id)}
      >
        Discard
      </button>
    </div>
  );
}
