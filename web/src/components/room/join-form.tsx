// Asks for a name before joining the first room. Later rooms reuse it.
import type { RoomInfo } from "../../../../client/src/index.ts";
import { nameRefusal, suggestedName } from "../../state/identity.ts";
import { openRoom } from "../../state/room-view.ts";
import { countPeople } from "../../text/count.ts";
import { NameForm } from "./name-form.tsx";

export function JoinForm({ room }: { room: RoomInfo }) {
  return (
    <div class="status-page">
      <div class="card join-card">
        <h1 dir="auto">{room.name}</h1>
        {room.topic && (
          <p class="lead" dir="auto">
            {room.topic}
          </p>
        )}
        <p class="hint">{room.people > 0 ? `${countPeople(room.people)} here now` : "No one here yet"}</p>
        <NameForm
          initial={nameRefusal.value?.name ?? suggestedName}
          error={nameRefusal.value?.problem}
          action="Join room"
          onName={(name) => openRoom(room.roomId, name)}
        />
      </div>
    </div>
  );
}
