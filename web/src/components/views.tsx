// The views of a room and of the lobby. Each is downloaded by itself, at once if the address asks for it and otherwise when
// the page has nothing else to do, so that it is there even if the connection is not.
import { useEffect } from "preact/hooks";
import { type LazyComponent, lazy } from "./lazy.ts";

const room = lazy(async () => (await import("./room/room-page.tsx")).RoomPage);
const lobby = lazy(async () => (await import("./lobby/lobby-page.tsx")).LobbyPage);

export function RoomView({ roomId }: { roomId: string }) {
  const View = useView(room);
  return View && <View roomId={roomId} />;
}

export function LobbyView() {
  const View = useView(lobby);
  return View && <View />;
}

/** Downloads the views that are not shown. */
export function prepareViews(): void {
  const load = () => void Promise.all([room.load(), lobby.load()]);
  if ("requestIdleCallback" in window) requestIdleCallback(load);
  else setTimeout(load, 1_000);
}

function useView<Props>(view: LazyComponent<Props>) {
  useEffect(() => {
    void view.load().then((arrived) => {
      // A newer version of the page was deployed, or the connection is gone: the browser says so better than an empty page.
      if (!arrived) location.reload();
    });
  }, [view]);
  return view.component;
}
