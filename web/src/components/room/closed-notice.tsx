// Stands where the composer was once the room is closed; what was said stays readable above.
import { useLayoutEffect, useRef } from "preact/hooks";
import { roomView } from "../../state/room-view.ts";
import { lobbyHref } from "../../state/route.ts";

export function ClosedNotice() {
  const notice = useRef<HTMLParagraphElement>(null);
  const view = roomView.value;
  const removed = view.stage === "open" && view.removed;
  useLayoutEffect(() => {
    // The composer that this replaces had it.
    if (document.activeElement === document.body) notice.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="closed-notice">
      <p ref={notice} tabIndex={-1}>
        <strong>{removed ? "You are no longer in this room." : "This room was closed."}</strong> You can no longer write
        here.
      </p>
      <a class="button" href={lobbyHref}>
        Back to the lobby
      </a>
    </div>
  );
}
