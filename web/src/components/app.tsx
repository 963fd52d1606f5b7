// The root component: the view that the address names, and the live region for screen readers.
import { account } from "../state/account.ts";
import { knownConfig } from "../state/config.ts";
import { route } from "../state/route.ts";
import { SignInPage } from "./account/sign-in-page.tsx";
import { Announcer } from "./announcer.tsx";
import { LobbyPage } from "./lobby/lobby-page.tsx";
import { LeftRoomNote } from "./nav/left-room-note.tsx";
import { NotFoundPage } from "./not-found-page.tsx";
import { RoomPage } from "./room/room-page.tsx";
import { SwitcherKeys } from "./switcher/switcher-keys.tsx";

export function App() {
  const current = route.value;
  if (knownConfig.value?.guests === false && !account.value) {
    return (
      <>
        <Announcer />
        <SignInPage />
      </>
    );
  }
  return (
    <>
      <Announcer />
      {current.view === "room" && <RoomPage key={current.roomId} roomId={current.roomId} />}
      {current.view === "lobby" && <LobbyPage />}
      {current.view === "unknown" && <NotFoundPage />}
      <SwitcherKeys />
      <LeftRoomNote />
    </>
  );
}
