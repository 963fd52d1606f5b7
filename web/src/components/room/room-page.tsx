// A room in any stage. On wide screens, rooms, log and people are side by side.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { wide } from "../../browser/environment.ts";
import { isConversation } from "../../state/conversation-name.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import { roomView } from "../../state/room-view.ts";
import { loadFormatting } from "../log/message-text.tsx";
import { RoomKeys } from "../shortcuts/room-keys.tsx";
import { JoinForm } from "./join-form.tsx";
import { JoinedRoom } from "./joined-room.tsx";
import { PeopleDrawer, PeoplePanel } from "./people.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { RoomsNav } from "./rooms-nav.tsx";
import { SettingsDialog } from "./settings-dialog.tsx";
import { FailedRoom, GoneRoom, OpeningRoom } from "./status-pages.tsx";

export function RoomPage({ roomId }: { roomId: string }) {
  useEffect(loadFormatting, []);
  const view = roomView.value;
  const ui = isConversation(roomId) ? conversationUi.value : undefined;
  const showsPeople = useSignal(false);
  const showsRename = useSignal(false);
  const showsSettings = useSignal(false);
  const isIn = view.stage === "joined" && view.ended === undefined;
  const hidePeople = () => {
    showsPeople.value = false;
  };
  const rename = () => {
    showsPeople.value = false;
    showsRename.value = true;
  };
  return (
    <div class="room">
      <RoomKeys />
      {wide.value && <RoomsNav roomId={roomId} />}
      <main class="room-main">
        {view.stage === "opening" && <OpeningRoom roomId={roomId} />}
        {view.stage === "choosingName" && <JoinForm room={view.summary} refusal={view.refusal} />}
        {view.stage === "gone" && <GoneRoom roomId={roomId} why={view.why} />}
        {view.stage === "failed" && <FailedRoom roomId={roomId} message={view.message} />}
        {view.stage === "joined" && (
          <JoinedRoom
            room={view.room}
            closed={!isIn}
            onShowPeople={() => {
              showsPeople.value = true;
            }}
            onShowSettings={() => {
              showsSettings.value = true;
            }}
          />
        )}
      </main>
      {isIn && wide.value && (ui ? <ui.MembersPanel roomId={roomId} /> : <PeoplePanel onRename={rename} />)}
      {isIn &&
        !wide.value &&
        showsPeople.value &&
        (ui ? (
          <ui.MembersDrawer roomId={roomId} onClose={hidePeople} />
        ) : (
          <PeopleDrawer onRename={rename} onClose={hidePeople} />
        ))}
      {isIn && showsSettings.value && (
        <SettingsDialog
          room={view.room}
          onClose={() => {
            showsSettings.value = false;
          }}
        />
      )}
      {isIn && showsRename.value && (
        <RenameDialog
          room={view.room}
          onClose={() => {
            showsRename.value = false;
          }}
        />
      )}
    </div>
  );
}
