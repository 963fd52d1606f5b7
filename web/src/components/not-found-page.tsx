// Shown for an address that names neither the lobby nor a room.
import { wide } from "../browser/environment.ts";
import { LobbyLink } from "./room/lobby-link.tsx";
import { RoomsNav } from "./room/rooms-nav.tsx";
import { StatusPage } from "./status-page.tsx";

export function NotFoundPage() {
  return (
    <div class="room">
      {wide.value && <RoomsNav roomId="" />}
      <main class="room-main">
        <StatusPage title="Page not found">
          <p>Check the link. Room links end in /#/rooms/ followed by 16 letters and digits.</p>
          <LobbyLink />
        </StatusPage>
      </main>
    </div>
  );
}
