// The middle of a joined room, from its header down to where one writes.
import type { Room } from "../../../../client/src/index.ts";
import { epoch } from "../../state/joined-room.ts";
import { MessageLog } from "../log/message-log.tsx";
import { ClosedNotice } from "./closed-notice.tsx";
import { Composer } from "./composer.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { RoomHeader } from "./room-header.tsx";
import { TypingLine } from "./typing-indicator.tsx";

interface ConversationProps {
  room: Room;
  closed: boolean;
  onShowPeople: () => void;
}

export function Conversation({ room, closed, onShowPeople }: ConversationProps) {
  return (
    <>
      <RoomHeader roomId={room.id} closed={closed} onShowPeople={onShowPeople} />
      {!closed && <ConnectionBanner />}
      {/* A room that was cleared begins anew. */}
      <MessageLog key={epoch.value} room={room} closed={closed} />
      <TypingLine />
      {closed ? <ClosedNotice /> : <Composer room={room} />}
    </>
  );
}
