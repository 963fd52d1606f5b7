// Shown instead of the room: while it opens, if there is no such room, or after a failure.
import { isConversation } from "../../../../client/src/index.ts";
import { connection } from "../../state/connection.ts";
import { hasAccountNotice } from "../../state/known-account.ts";
import { openRoom } from "../../state/room-view.ts";
import { lobbyHref } from "../../state/route.ts";
import { yourRooms } from "../../state/your-rooms.ts";
import { accountUi } from "../account/account-ui.ts";
import { StatusPage } from "../status-page.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { UnsentMessages } from "./unsent-messages.tsx";

export function OpeningRoom({ roomId }: { roomId: string }) {
  const known = yourRooms.value.find((room) => room.roomId === roomId);
  return (
    <>
      {connection.value.state === "waiting" && <ConnectionBanner />}
      <div class="status-page">
        <h1 class="opening" dir="auto">
          {known?.name ?? `Opening the ${kindOf(roomId)}…`}
        </h1>
      </div>
    </>
  );
}

export function GoneRoom({ roomId, why }: { roomId: string; why: "unknown" | "closed" }) {
  return why === "closed" ? (
    <StatusPage title={`This ${kindOf(roomId)} is closed`}>
      <p>
        {isConversation(roomId)
          ? "Nobody can read it any more."
          : "Rooms end when their time is up, when their owner ends them, or after a day without activity."}
      </p>
      <UnsentMessages roomId={roomId} />
      <LobbyLink />
    </StatusPage>
  ) : (
    <StatusPage title={isConversation(roomId) ? "Conversation not found" : "Room not found"}>
      <p>
        {isConversation(roomId)
          ? "Only its members can open it."
          : "Check the link. The room may also have closed a while ago."}
      </p>
      <UnsentMessages roomId={roomId} />
      <LobbyLink />
    </StatusPage>
  );
}

export function FailedRoom({ roomId, message }: { roomId: string; message: string }) {
  const accounts = accountUi.loaded;
  if (accounts && hasAccountNotice()) {
    return (
      <StatusPage title={`Couldn't open the ${kindOf(roomId)}`}>
        <accounts.AccountNotice />
      </StatusPage>
    );
  }
  return (
    <StatusPage title={`Couldn't open the ${kindOf(roomId)}`}>
      <p>{message}</p>
      <button type="button" class="button primary" onClick={() => openRoom(roomId)}>
        Try again
      </button>
    </StatusPage>
  );
}

function kindOf(roomId: string): string {
  return isConversation(roomId) ? "conversation" : "room";
}

export function LobbyLink() {
  return (
    <a class="button primary" href={lobbyHref}>
      Find or create another room
    </a>
  );
}
