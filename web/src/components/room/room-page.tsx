// A room, whatever stage it is in. Wide: rooms, conversation and people side by side.
import { useSignal } from "@preact/signals";
import { wide } from "../../browser/environment.ts";
import { roomView } from "../../state/room-view.ts";
import { JoinForm } from "./join-form.tsx";
import { Conversation } from "./joined-room.tsx";
import { PeopleDrawer, PeoplePanel } from "./people.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { RoomsNav } from "./rooms-nav.tsx";
import { FailedRoom, GoneRoom, OpeningRoom } from "./status-pages.tsx";

export function RoomPage({ roomId }: { roomId: string }) {
  const view = roomView.value;
  const peopleShown = useSignal(false);
  const renaming = useSignal(false);
  const rename = () => {
    peopleShown.value = false;
    renaming.value = true;
  };
  return (
    <div class="room">
      {wide.value && <RoomsNav roomId={roomId} />}
      <main class="room-main">
        {view.stage === "opening" && <OpeningRoom roomId={roomId} />}
        {view.stage === "naming" && <JoinForm room={view.summary} />}
        {view.stage === "gone" && <GoneRoom roomId={roomId} why={view.why} />}
        {view.stage === "failed" && <FailedRoom roomId={roomId} message={view.message} />}
        {view.stage === "open" && (
          <Conversation
            room={view.room}
            closed={view.closed}
            onShowPeople={() => {
              peopleShown.value = true;
            }}
          />
        )}
      </main>
      {view.stage === "open" && !view.closed && wide.value && <PeoplePanel onRename={rename} />}
      {view.stage === "open" && !view.closed && !wide.value && peopleShown.value && (
        <PeopleDrawer
          onRename={rename}
          onClose={() => {
            peopleShown.value = false;
          }}
        />
      )}
      {view.stage === "open" && !view.closed && renaming.value && (
        <RenameDialog
          room={view.room}
          onClose={() => {
            renaming.value = false;
          }}
        />
      )}
    </div>
  );
}
