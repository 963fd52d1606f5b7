// Shown in a room without messages: the link to invite people with.
import { roomLink } from "../../state/route.ts";

export function EmptyLog({ roomId }: { roomId: string }) {
  return (
    <div class="empty-log">
      <p class="empty-title">No messages yet</p>
      <p>Share this link with the people you want to talk to. Anyone with the link can join.</p>
      <p class="room-link">{roomLink(roomId)}</p>
    </div>
  );
}
