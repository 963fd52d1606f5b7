// The root component: the view that the address names, and the live region for screen readers.
import { account } from "../state/account.ts";
import { knownConfig } from "../state/config.ts";
import { route } from "../state/route.ts";
import { Announcer } from "./announcer.tsx";
import { LeftRoomNote } from "./nav/left-room-note.tsx";
import { SwitcherKeys } from "./switcher/switcher-keys.tsx";
import { SignInView, View } from "./views.tsx";

export function App() {
  if (knownConfig.value?.guests === false && !account.value) {
    return (
      <>
        <Announcer />
        <SignInView />
      </>
    );
  }
  return (
    <>
      <Announcer />
      <View route={route.value} />
      <SwitcherKeys />
      <LeftRoomNote />
    </>
  );
}
