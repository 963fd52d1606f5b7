// Stands where the composer was once the room is closed; what was said stays readable above.
import { lobbyHref } from "../../state/route.ts";

export function ClosedNotice() {
  return (
    <div class="closed-notice">
      <p>
        <strong>This room was closed.</strong> Nothing more can be said here.
      </p>
      <a class="button" href={lobbyHref}>
        Back to the lobby
      </a>
    </div>
  );
}
