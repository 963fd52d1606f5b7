// Stands where the composer was once the room is closed; what was said stays readable above.
import { roomView } from "../../state/room.ts";
import { lobbyHref } from "../../state/route.ts";

export function ClosedNotice() {
  const view = roomView.value;
  const removed = view.stage === "open" && view.removed;
  return (
    <div class="closed-notice">
      <p>
        <strong>{removed ? "You are no longer in this room." : "This room was closed."}</strong> Nothing more can be
        said here.
      </p>
      <a class="button" href={lobbyHref}>
        Back to the lobby
      </a>
    </div>
  );
}
