// Rooms to go back to, the unlisted ones too.
import { recentRooms } from "../../state/recent.ts";
import { roomHref } from "../../state/route.ts";

export function RecentRooms() {
  return (
    <section aria-labelledby="recent-title">
      <h2 id="recent-title">Your rooms</h2>
      <ul class="chips">
        {recentRooms.value.map(({ roomId, name }) => (
          <li key={roomId}>
            <a class="chip" href={roomHref(roomId)} dir="auto">
              {name}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
