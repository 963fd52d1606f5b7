// Shown in a room without messages: the link to invite people with, unless it is a conversation.
import { isConversation } from "../../../../client/src/index.ts";
import { roomDetails } from "../../state/joined-room.ts";
import { roomLink } from "../../state/route.ts";
import { accessText } from "../../text/access-text.ts";

export function EmptyLog({ roomId }: { roomId: string }) {
  return (
    <div class="empty-log">
      <p class="empty-title">No messages yet</p>
      {isConversation(roomId) ? <p>Only its members can read what is written here.</p> : <Invitation roomId={roomId} />}
    </div>
  );
}

function Invitation({ roomId }: { roomId: string }) {
  return (
    <>
      <p>Share this link with the people you want to talk to. {accessText(roomDetails.value?.rules)}.</p>
      <p class="room-link">{roomLink(roomId)}</p>
    </>
  );
}
