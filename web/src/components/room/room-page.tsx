// A room in any stage. On wide screens, rooms, log and people are side by side.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { isConversation } from "../../../../client/src/index.ts";
import { wide } from "../../browser/environment.ts";
import { announce } from "../../state/announcer.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import { isModerator } from "../../state/joined-room.ts";
import { roomView } from "../../state/room-view.ts";
import { Brand } from "../brand.tsx";
import { lazy } from "../lazy.ts";
import { loadFormatting } from "../log/message-text.tsx";
import { messageTools } from "../log/message-tools.ts";
import { loadReplies } from "../log/replies.ts";
import { moderation } from "../moderation/moderation.ts";
import { surroundings } from "../surroundings.ts";
import { JoinedRoom } from "./joined-room.tsx";
import { roomNotes } from "./notes.ts";
import { OpeningRoom } from "./opening-room.tsx";
import { PeoplePanel } from "./people-panel.tsx";
import { RoomsButton } from "./rooms-button.tsx";
import { RoomsNav } from "./rooms-nav.tsx";

export { messageTools } from "../log/message-tools.ts";

type Panel = "rooms" | "people" | "details" | "rename";

export const renaming = lazy(async () => (await import("./rename-dialog.tsx")).RenameDialog);
const details = lazy(async () => (await import("../details/room-details.tsx")).RoomDetails);

export function RoomPage({ roomId }: { roomId: string }) {
  useEffect(() => {
    loadFormatting();
    loadReplies();
    void roomNotes.load();
    void messageTools.load();
  }, []);
  useEffect(() => {
    if (isModerator.value) void moderation.load();
  }, [isModerator.value]);
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
  const notes = roomNotes.loaded;
  const tools = moderation.loaded;
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
        {view.stage === "choosingName" && notes && <notes.JoinForm room={view.summary} refusal={view.refusal} />}
        {view.stage === "gone" && notes && <notes.GoneRoom roomId={roomId} why={view.why} />}
        {view.stage === "banned" && notes && <notes.BannedRoom roomId={roomId} ban={view.ban} />}
        {view.stage === "failed" && notes && <notes.FailedRoom roomId={roomId} message={view.message} />}
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
      {hasPeople &&
        wide.value &&
        (ui ? <ui.MembersPanel roomId={roomId} /> : <PeoplePanel room={view.room} onRename={rename} />)}
      {around && !wide.value && panel.value === "rooms" && (
        <around.RoomsDrawer roomId={roomId} onClose={close("rooms")} />
      )}
      {hasPeople &&
        !wide.value &&
        panel.value === "people" &&
        (ui ? (
          <ui.MembersDrawer roomId={roomId} onClose={close("people")} />
        ) : (
          around && <around.PeopleDrawer room={view.room} onRename={rename} onClose={close("people")} />
        ))}
      {isIn && tools && <tools.ModerationDialogs room={view.room} />}
      {isIn && Details && panel.value === "details" && (
        <Details room={view.room} onRename={rename} onClose={close("details")} />
      )}
      {isIn && RenameDialog && panel.value === "rename" && <RenameDialog room={view.room} onClose={close("rename")} />}
    </div>
  );
}
