// What stands in the middle when there is no conversation: on the way in, no such room, or a failure.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { connection } from "../../state/connection.ts";
import { recentRooms } from "../../state/recent-rooms.ts";
import { openRoom } from "../../state/room-view.ts";
import { lobbyHref } from "../../state/route.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { UnsentTexts } from "./unsent-messages.tsx";

export function OpeningRoom({ roomId }: { roomId: string }) {
  const known = recentRooms.value.find((room) => room.roomId === roomId);
  return (
    <>
      {connection.value.state === "waiting" && <ConnectionBanner />}
      <div class="state">
        <h1 class="opening" dir="auto">
          {known?.name ?? "Opening the room…"}
        </h1>
      </div>
    </>
  );
}

export function GoneRoom({ roomId, why }: { roomId: string; why: "unknown" | "closed" }) {
  return why === "closed" ? (
    <State title="This room is closed">
      <p>Rooms close when their owner ends them, or by themselves after a day without a word.</p>
      <UnsentTexts roomId={roomId} />
      <LobbyLink />
    </State>
  ) : (
    <State title="There is no such room">
      <p>Check the link. The room may also have ended some time ago.</p>
      <UnsentTexts roomId={roomId} />
      <LobbyLink />
    </State>
  );
}

export function FailedRoom({ roomId, message }: { roomId: string; message: string }) {
  return (
    <State title="The room could not be opened">
      <p>{message}</p>
      <button type="button" class="button primary" onClick={() => openRoom(roomId)}>
        Try again
      </button>
    </State>
  );
}

export function LobbyLink() {
  return (
    <a class="button primary" href={lobbyHref}>
      Find or make another room
    </a>
  );
}

export function State({ title, children }: { title: string; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="state">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
}
