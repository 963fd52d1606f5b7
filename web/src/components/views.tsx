// The views that the address can name. Each is downloaded by itself, at once if the address asks for it and otherwise when
// the page has nothing else to do, so that it is there even if the connection is not.
import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import type { Route } from "../text/address.ts";
import { Brand } from "./brand.tsx";
import { type Lazy, lazy } from "./lazy.ts";
import { StatusPage } from "./status-page.tsx";

const room = lazy(async () => (await import("./room/room-page.tsx")).RoomPage);
const lobby = lazy(async () => (await import("./lobby/lobby-page.tsx")).LobbyPage);
const unknown = lazy(async () => (await import("./not-found-page.tsx")).NotFoundPage);
const signIn = lazy(async () => (await import("./account/account-parts.ts")).SignInPage);
const views = { room, lobby, unknown };

export function View({ route }: { route: Route }) {
  if (route.view === "room") return <Loaded key={route.roomId} view={room} roomId={route.roomId} />;
  return <Loaded key={route.view} view={views[route.view]} />;
}

export function SignInView() {
  return <Loaded view={signIn} />;
}

/** Downloads the view that the address names, and what the others need when there is nothing else to do. */
export function loadViews({ view }: Route): void {
  void views[view].load();
  const loadOthers = () => {
    void Promise.all([room.load(), lobby.load()]);
    import("./room/room-page.tsx").then(
      ({ messageTools, renaming }) => Promise.all([messageTools.load(), renaming.load()]),
      () => {},
    );
  };
  // Safari has none.
  if ("requestIdleCallback" in window) requestIdleCallback(loadOthers);
  else setTimeout(loadOthers, 1_000);
}

function Loaded<Props extends object>({ view, ...props }: { view: Lazy<ComponentType<Props>> } & Props) {
  const failed = useSignal(false);
  useEffect(() => {
    void view.load().then((arrived) => {
      failed.value = !arrived;
    });
  }, [view]);
  const Component = view.loaded;
  if (Component) return <Component {...(props as unknown as Props)} />;
  return failed.value ? <FailedView /> : null;
}

/** The connection is gone, or a newer version of the page has replaced this one. */
function FailedView() {
  return (
    <main class="lone-page">
      <Brand />
      <StatusPage title="Couldn't load this page">
        <p>Check your connection, then reload.</p>
        <button type="button" class="button primary" onClick={() => location.reload()}>
          Reload
        </button>
      </StatusPage>
    </main>
  );
}
