// For an address that names neither the lobby nor a room.
import { wide } from "../state/browser.ts";
import { LobbyLink, State } from "./room/room-states.tsx";
import { RoomsNav } from "./room/rooms-nav.tsx";

export function NoSuchPage() {
  return (
    <div class="room">
      {wide.value && <RoomsNav roomId="" />}
      <main class="room-main">
        <State title="There is nothing at this address">
          <p>Check the link. A link to a room ends in /#/rooms/ and sixteen letters and digits.</p>
          <LobbyLink />
        </State>
      </main>
    </div>
  );
}
