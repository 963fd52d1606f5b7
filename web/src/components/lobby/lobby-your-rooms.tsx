// Your rooms in the lobby, unlisted ones included. Of many, the first ones until the person asks for all.
import { useSignal } from "@preact/signals";
import { yourRooms } from "../../state/your-rooms.ts";
import { count } from "../../text/count.ts";
import { YourRoomsList } from "../nav/your-rooms-list.tsx";

const FEW = 6;

export function LobbyYourRooms() {
  const showsAll = useSignal(false);
  const all = yourRooms.value.length;
  if (all === 0) return null;
  return (
    <div class="lobby-yours">
      <YourRoomsList {...(!showsAll.value && { most: FEW })} />
      {all > FEW && !showsAll.value && (
        <button
          type="button"
          class="button more"
          onClick={() => {
            showsAll.value = true;
          }}
        >
          Show all {count(all, "room")}
        </button>
      )}
    </div>
  );
}
