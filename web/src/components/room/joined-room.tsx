// The main column of a joined room, from its header to the composer.
import type { Room } from "../../../../client/src/index.ts";
import { epoch } from "../../state/joined-room.ts";
import { MessageLog } from "../log/message-log.tsx";
import { ClosedNotice } from "./closed-notice.tsx";
import { Composer } from "./composer.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { RoomHeader } from "./room-header.tsx";
import { TypingIndicator } from "./typing-indicator.tsx";

interface JoinedRoomProps {
  room: Room;
  closed: boolean;
  onShowPeople: () => void;
}

export function JoinedRoom({ room, closed, onShowPeople }: JoinedRoomProps) {
  return (
    <>
      <RoomHeader roomId={room.id} closed={closed} onShowPeople={onShowPeople} />
      {!closed && <ConnectionBanner />}
      {/* A cleared room gets a new log, with scroll position and window of its own. */}
      <MessageLog key={epoch.value} room={room} closed={closed} />
      <TypingIndicator />
      {closed ? <ClosedNotice /> : <Composer room={room} />}
    </>
  );
}
