// One public room in the list; the whole row is its link.
import type { RoomInfo } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { roomHref } from "../../state/route.ts";
import { count } from "../../text/count.ts";
import { ago } from "../../text/time.ts";

export function RoomRow({ room }: { room: RoomInfo }) {
  return (
    <li>
      <a class="room-row" href={roomHref(room.roomId)}>
        <span class="room-row-text">
          <span class="room-row-name" dir="auto">
            {room.name}
          </span>
          {room.topic && (
            <span class="room-row-topic" dir="auto">
              {room.topic}
            </span>
          )}
        </span>
        <span class="room-row-facts">
          <span class={room.people > 0 ? "here" : ""}>
            {room.people > 0 ? count(room.people, "person", "people") : "Empty"}
          </span>
          <time dateTime={new Date(room.activeAt).toISOString()}>{ago(room.activeAt, now.value)}</time>
        </span>
      </a>
    </li>
  );
}
