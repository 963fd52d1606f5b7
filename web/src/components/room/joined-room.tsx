// The main column of a joined room, from its header to the composer.
import type { ComponentChildren } from "preact";
import { isConversation, type Room } from "../../../../client/src/index.ts";
import { wide } from "../../browser/environment.ts";
import { connection } from "../../state/connection.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import { epoch, roomName } from "../../state/joined-room.ts";
import { endWarning } from "../../state/room-end.ts";
import { MessageLog } from "../log/message-log.tsx";
import { surroundings } from "../surroundings.ts";
import { Composer } from "./composer.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { roomNotes } from "./notes.ts";
import { RoomHeader } from "./room-header.tsx";
import { RoomsButton } from "./rooms-button.tsx";
import { TypingIndicator } from "./typing-indicator.tsx";

interface JoinedRoomProps {
  room: Room;
  closed: boolean;
  onShowRooms: () => void;
  onShowPeople: () => void;
  onShowDetails: () => void;
}

export function JoinedRoom({ room, closed, ...actions }: JoinedRoomProps) {
  const ui = conversationUi.value;
  const parts = surroundings.loaded;
  const notes = roomNotes.loaded;
  const roomsButton = !wide.value && <RoomsButton onClick={actions.onShowRooms} />;
  return (
    <>
      {isConversation(room.id) ? (
        ui ? (
          <ui.ConversationHeader roomId={room.id} closed={closed} onShowPeople={actions.onShowPeople}>
            {roomsButton}
          </ui.ConversationHeader>
        ) : (
          <ArrivingHeader>{roomsButton}</ArrivingHeader>
        )
      ) : (
        <RoomHeader roomId={room.id} closed={closed} {...actions} />
      )}
      {!closed &&
        (connection.value.state === "open" && endWarning.value && parts ? <parts.EndBanner /> : <ConnectionBanner />)}
      {/* A cleared room gets a new log, with scroll position and window of its own. */}
      <MessageLog key={epoch.value} room={room} closed={closed} />
      {notes && <notes.BotDraftList room={room} />}
      <TypingIndicator />
      {closed ? notes && <notes.ClosedNotice /> : <Composer room={room} />}
    </>
  );
}

/** Of a conversation, until its own header has arrived. */
function ArrivingHeader({ children }: { children: ComponentChildren }) {
  return (
    <header class="room-header">
      {children}
      <div class="room-title">
        <h1 dir="auto">{roomName.value}</h1>
        <p class="room-topic">{"\u00a0"}</p>
      </div>
    </header>
  );
}
