// The panel with the people in the room, next to the log.
import type { Room } from "../../../../client/src/index.ts";
import { roomDetails } from "../../state/joined-room.ts";
import { countHere } from "../../text/count.ts";
import { surroundings } from "../surroundings.ts";

export function PeoplePanel(list: { room: Room; onRename: () => void }) {
  const loaded = surroundings.loaded;
  return (
    <aside class="side-panel people" aria-labelledby="people-title">
      <h2 id="people-title">{countHere(roomDetails.value?.count ?? 0)}</h2>
      {loaded && <loaded.PeopleList {...list} />}
    </aside>
  );
}
