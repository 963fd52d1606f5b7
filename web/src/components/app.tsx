// The whole page: the view that the address names, and the voice for screen readers.
import { route } from "../state/route.ts";
import { Announcer } from "./announcer.tsx";
import { LobbyPage } from "./lobby/lobby-page.tsx";
import { NoSuchPage } from "./not-found-page.tsx";
import { RoomPage } from "./room/room-page.tsx";

export function App() {
  const { value: to } = route;
  return (
    <>
      <Announcer />
      {to.view === "room" && <RoomPage key={to.roomId} roomId={to.roomId} />}
      {to.view === "lobby" && <LobbyPage />}
      {to.view === "unknown" && <NoSuchPage />}
    </>
  );
}
