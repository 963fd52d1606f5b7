// A room in any stage. On wide screens, rooms, log and people are side by side.
import { useSignal } from "@preact/signals";
import { wide } from "../../browser/environment.ts";
import { roomView } from "../../state/room-view.ts";
import { JoinForm } from "./join-form.tsx";
import { JoinedRoom } from "./joined-room.tsx";
import { PeopleDrawer, PeoplePanel } from "./people.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { RoomsNav } from "./rooms-nav.tsx";
import { FailedRoom, GoneRoom, OpeningRoom } from "./status-pages.tsx";

export function RoomPage({ roomId }: { roomId: string }) {
  const view = roomView.value;
  const showsPeople = useSignal(false);
  const showsRename = useSignal(false);
  const rename = () => {
    showsPeople.value = false;
    showsRename.value = true;
  };
  return (
    <div class="room">
      {wide.value && <RoomsNav roomId={roomId} />}
      <main class="room-main">
        {view.stage === "opening" && <OpeningRoom roomId={roomId} />}
        {view.stage === "choosingName" && <JoinForm room={view.summary} />}
        {view.stage === "gone" && <GoneRoom roomId={roomId} why={view.why} />}
        {view.stage === "failed" && <FailedRoom roomId={roomId} message={view.message} />}
        {view.stage === "joined" && (
          <JoinedRoom
            room={view.room}
            closed={view.closed}
            onShowPeople={() => {
              showsPeople.value = true;
            }}
          />
        )}
      </main>
      {view.stage === "joined" && !view.closed && wide.value && <PeoplePanel onRename={rename} />}
      {view.stage === "joined" && !view.closed && !wide.value && showsPeople.value && (
        <PeopleDrawer
          onRename={rename}
          onClose={() => {
            showsPeople.value = false;
          }}
        />
      )}
      {view.stage === "joined" && !view.closed && showsRename.value && (
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
