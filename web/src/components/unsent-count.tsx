// Next to a room's name: how many messages are waiting to be sent there, or have failed.
import { outboxEntries } from "../state/outbox.ts";
import { Icon } from "./icon.tsx";

export function UnsentCount({ roomId }: { roomId: string }) {
  const unsent = outboxEntries(roomId);
  if (unsent.length === 0) return null;
  const failed = unsent.filter(({ problem }) => problem !== undefined).length;
  const label = failed > 0 ? `${failed} not sent` : `${unsent.length} waiting to be sent`;
  return (
    <span class={failed > 0 ? "unsent-count failed" : "unsent-count"} title={label}>
      <Icon name={failed > 0 ? "warning" : "clock"} />
      <span aria-hidden="true">{failed || unsent.length}</span>
      <span class="visually-hidden">, {label}</span>
    </span>
  );
}
