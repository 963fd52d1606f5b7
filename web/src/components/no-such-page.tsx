// For an address that names neither the lobby nor a room.
import { LobbyLink, State } from "./room/room-states.tsx";

export function NoSuchPage() {
  return (
    <div class="room">
      <main class="room-main">
        <State title="There is nothing at this address">
          <p>Check the link: a room's ends in /#/rooms/ and sixteen letters and digits.</p>
          <LobbyLink />
        </State>
      </main>
    </div>
  );
}
