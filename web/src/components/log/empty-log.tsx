// Shown in a room without messages: the link to invite people with.
import { roomDetails } from "../../state/joined-room.ts";
import { roomLink } from "../../state/route.ts";
import { accessText } from "../../text/rules-text.ts";

export function EmptyLog({ roomId }: { roomId: string }) {
  return (
    <div class="empty-log">
      <p class="empty-title">No messages yet</p>
      <p>Share this link with the people you want to talk to. {accessText(roomDetails.value?.rules)}.</p>
      <p class="room-link">{roomLink(roomId)}</p>
    </div>
  );
}
