// Links to the rooms in `yourRooms`, unlisted ones included.
import { roomHref } from "../../state/route.ts";
import { yourRooms } from "../../state/your-rooms.ts";
import { UnsentCount } from "../unsent-count.tsx";

export function RecentRooms() {
  return (
    <section aria-labelledby="recent-title">
      <h2 id="recent-title">Your rooms</h2>
      <ul class="chips">
        {yourRooms.value.map(({ roomId, name }) => (
          <li key={roomId}>
            <a class="chip" href={roomHref(roomId)}>
              <span class="chip-name" dir="auto">
                {name}
              </span>
              <UnsentCount roomId={roomId} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
