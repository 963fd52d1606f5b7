// What one wrote for a room that cannot be opened any more: to take it elsewhere, or to let it go.
import { discard, unsentIn } from "../../state/outbox.ts";

export function UnsentTexts({ roomId }: { roomId: string }) {
  const unsent = unsentIn(roomId);
  if (unsent.length === 0) return null;
  return (
    <section class="card unsent-texts" aria-labelledby="unsent-title">
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
