// Shown in a room without messages: the link to invite people with.
import { roomLink } from "../../state/route.ts";

export function EmptyLog({ roomId }: { roomId: string }) {
  return (
    <div class="empty-log">
      <p class="empty-title">Nobody has said anything yet</p>
      <p>Send this link to the people you want to talk to. Anybody who has it can come in.</p>
      <p class="room-link">{roomLink(roomId)}</p>
    </div>
  );
}
