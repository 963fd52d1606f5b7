// Unsent messages for a room that can no longer be joined, to copy or discard.
import { discard, outboxEntries } from "../../state/outbox.ts";

export function UnsentMessages({ roomId }: { roomId: string }) {
  const unsent = outboxEntries(roomId);
  if (unsent.length === 0) return null;
  return (
    <section class="card unsent-messages" aria-labelledby="unsent-title">
      <h2 id="unsent-title">Not sent</h2>
      <ul>
        {unsent.map(({ id, text }) => (
          <li key={id}>
            <p dir="auto">{text}</p>
            <button type="button" class="link-button" onClick={() => discard(id)}>
              Discard
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
