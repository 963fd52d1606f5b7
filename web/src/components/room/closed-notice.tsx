// Replaces the composer once this person is out of the room. The log stays readable above.
import { useLayoutEffect, useRef } from "preact/hooks";
import { roomView } from "../../state/room-view.ts";
import { lobbyHref } from "../../state/route.ts";

export function ClosedNotice() {
  const notice = useRef<HTMLParagraphElement>(null);
  const view = roomView.value;
  const removed = view.stage === "joined" && view.removed;
  useLayoutEffect(() => {
    // Takes over the focus of the composer.
    if (document.activeElement === document.body) notice.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="closed-notice">
      <p ref={notice} tabIndex={-1}>
        <strong>{removed ? "You are no longer in this room." : "This room was closed."}</strong> You can no longer send
        messages here.
      </p>
      <a class="button" href={lobbyHref}>
        Back to the lobby
      </a>
    </div>
  );
}
