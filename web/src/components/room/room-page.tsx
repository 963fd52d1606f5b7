// A room in any stage. On wide screens, rooms, log and people are side by side.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { isConversation } from "../../../../client/src/index.ts";
import { wide } from "../../browser/environment.ts";
import { announce } from "../../state/announcer.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import { roomView } from "../../state/room-view.ts";
import { Brand } from "../brand.tsx";
import { lazy } from "../lazy.ts";
import { loadFormatting } from "../log/message-text.tsx";
import { messageTools } from "../log/message-tools.ts";
import { loadReplies } from "../log/replies.ts";
import { surroundings } from "../surroundings.ts";
import { JoinForm } from "./join-form.tsx";
import { JoinedRoom } from "./joined-room.tsx";
import { PeoplePanel } from "./people-panel.tsx";
import { RoomsButton } from "./rooms-button.tsx";
import { RoomsNav } from "./rooms-nav.tsx";
import { FailedRoom, GoneRoom, OpeningRoom } from "./status-pages.tsx";

export { messageTools } from "../log/message-tools.ts";
export { NotFoundPage } from "../not-found-page.tsx";

type Panel = "rooms" | "people" | "details" | "rename";

export const renaming = lazy(async () => (await import("./rename-dialog.tsx")).RenameDialog);
const details = lazy(async () => (await import("../details/room-details.tsx")).RoomDetails);

export function RoomPage({ roomId }: { roomId: string }) {
  useEffect(() => {
    loadFormatting();
    loadReplies();
    void messageTools.load();
  }, []);
  const view = roomView.value;
  const ui = isConversation(roomId) ? conversationUi.value : undefined;
  const panel = useSignal<Panel | undefined>(undefined);
  /** A dialog reports that it was closed after another one took its place. */
  const close = (closed: Panel) => () => {
    if (panel.value === closed) panel.value = undefined;
  };
  const isIn = view.stage === "joined" && view.ended === undefined;
  const hasPeople = isIn && (ui !== undefined || !isConversation(roomId));
  const around = surroundings.loaded;
  const Details = details.loaded;
  const RenameDialog = renaming.loaded;

  async function load(next: Panel, { load }: { load: () => Promise<boolean> }, what: string) {
    if (await load()) panel.value = next;
    else announce(`Couldn't load ${what}. Reload the page.`);
  }
  const showRooms = () => void load("rooms", surroundings, "the list of rooms");
  const rename = () => void load("rename", renaming, "the form");

  return (
    <div class="room">
      {around && <around.RoomKeys />}
      {wide.value && <RoomsNav roomId={roomId} />}
      <main class="room-main">
        {!wide.value && view.stage !== "joined" && (
          <div class="narrow-bar">
            <RoomsButton onClick={showRooms} />
            <Brand />
          </div>
        )}
        {view.stage === "opening" && <OpeningRoom roomId={roomId} />}
        {view.stage === "choosingName" && <JoinForm room={view.summary} refusal={view.refusal} />}
        {view.stage === "gone" && <GoneRoom roomId={roomId} why={view.why} />}
        {view.stage === "failed" && <FailedRoom roomId={roomId} message={view.message} />}
        {view.stage === "joined" && (
          <JoinedRoom
            room={view.room}
            closed={!isIn}
            onShowRooms={showRooms}
            onShowPeople={() => void load("people", surroundings, "the list of people")}
            onShowDetails={() => void load("details", details, "the room's details")}
          />
        )}
      </main>
      {hasPeople && wide.value && (ui ? <ui.MembersPanel roomId={roomId} /> : <PeoplePanel onRename={rename} />)}
      {around && !wide.value && panel.value === "rooms" && (
        <around.RoomsDrawer roomId={roomId} onClose={close("rooms")} />
      )}
      {hasPeople &&
        !wide.value &&
        panel.value === "people" &&
        (ui ? (
          <ui.MembersDrawer roomId={roomId} onClose={close("people")} />
        ) : (
          around && <around.PeopleDrawer onRename={rename} onClose={close("people")} />
        ))}
      {isIn && Details && panel.value === "details" && (
        <Details room={view.room} onRename={rename} onClose={close("details")} />
      )}
      {isIn && RenameDialog && panel.value === "rename" && <RenameDialog room={view.room} onClose={close("rename")} />}
    </div>
  );
}
