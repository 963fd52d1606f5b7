// Shown instead of the room: if there is no such room, if one is banned from it, or after a failure.
import { isConversation, type ParlorError } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { kindOf } from "../../state/conversation-name.ts";
import { hasAccountNotice } from "../../state/known-account.ts";
import { openRoom } from "../../state/room-view.ts";
import { yourRooms } from "../../state/your-rooms.ts";
import { banText } from "../../text/restriction-text.ts";
import { accountUi } from "../account/account-ui.ts";
import { StatusPage } from "../status-page.tsx";
import { Explanation } from "./explanation.tsx";
import { LobbyLink } from "./lobby-link.tsx";
import { UnsentMessages } from "./unsent-messages.tsx";

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

export function BannedRoom({ roomId, ban }: { roomId: string; ban: Pick<ParlorError, "until" | "explanation"> }) {
  const known = yourRooms.value.find((room) => room.roomId === roomId);
  return (
    <StatusPage title={`You are banned from ${known?.name ?? "this room"}`}>
      <p>A moderator banned you. {banText(ban, now.value)}</p>
      {ban.explanation !== undefined && (
        <p>
          <Explanation text={ban.explanation} />
        </p>
      )}
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
