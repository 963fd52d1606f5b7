// A public room in the list. The whole row is a link.
import type { RoomInfo } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { roomHref } from "../../state/route.ts";
import { countPeople } from "../../text/count.ts";
import { ago } from "../../text/time.ts";
import { Icon } from "../icons.tsx";

export function RoomRow({ room }: { room: RoomInfo }) {
  return (
    <li>
      <a class="room-row" href={roomHref(room.roomId)}>
        <span class="room-row-text">
          <span class="room-row-name" dir="auto">
            {room.passwordRequired && <Icon name="lock" />}
            {room.name}
            {room.passwordRequired && <span class="visually-hidden"> (needs a password)</span>}
          </span>
          {room.topic && (
            <span class="room-row-topic" dir="auto">
              {room.topic}
            </span>
          )}
        </span>
        <span class="room-row-facts">
          <span class={room.people > 0 ? "occupied" : ""}>
            {room.people > 0 ? countPeople(room.people) : "Empty"}
            {room.isFull && " · full"}
          </span>
          <time dateTime={new Date(room.activeAt).toISOString()}>{ago(room.activeAt, now.value)}</time>
        </span>
      </a>
    </li>
  );
}
