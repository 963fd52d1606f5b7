// The root component: the view that the address names, or signing in where guests are not admitted; the live region for screen
// readers; and what lies over any view: the note about a room that was left, and the switcher.
import { knownConfig } from "../state/config.ts";
import { account } from "../state/known-account.ts";
import { route } from "../state/route.ts";
import { Announcer } from "./announcer.tsx";
import { surroundings } from "./surroundings.ts";
import { SignInView, View } from "./views.tsx";

export function App() {
  const around = surroundings.loaded;
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
      {around && <around.SwitcherKeys />}
      {around && <around.LeftRoomNote />}
    </>
  );
}
