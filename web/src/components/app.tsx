// The whole page: the view that the address names, and the voice for screen readers.
import { route } from "../state/route.ts";
import { Announcer } from "./announcer.tsx";
import { LobbyPage } from "./lobby/lobby-page.tsx";
import { RoomPage } from "./room/room-page.tsx";

export function App() {
  return (
    <>
      {route.value.view === "room" ? <RoomPage key={route.value.roomId} roomId={route.value.roomId} /> : <LobbyPage />}
      <Announcer />
    </>
  );
}
