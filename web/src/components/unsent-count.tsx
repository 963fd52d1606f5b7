// Beside a room's name: how many of one's messages wait to be sent there, or could not be.
import { unsentIn } from "../state/outbox.ts";
import { Icon } from "./icon.tsx";

export function UnsentCount({ roomId }: { roomId: string }) {
  const unsent = unsentIn(roomId);
  if (unsent.length === 0) return null;
  const failed = unsent.filter(({ problem }) => problem !== undefined).length;
  const words = failed > 0 ? `${failed} not sent` : `${unsent.length} waiting to be sent`;
  return (
    <span class={failed > 0 ? "unsent-count failed" : "unsent-count"} title={words}>
      <Icon name={failed > 0 ? "warning" : "clock"} />
      <span aria-hidden="true">{failed || unsent.length}</span>
      <span class="visually-hidden">, {words}</span>
    </span>
  );
}
