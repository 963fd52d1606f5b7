// Replaces the composer once this person is out of the room. The log stays readable above.
import { useLayoutEffect, useRef } from "preact/hooks";
import { now } from "../../browser/environment.ts";
import { openRoom, roomView } from "../../state/room-view.ts";
import { lobbyHref } from "../../state/route.ts";
import { endingText } from "../../text/ending-text.ts";
import { banText } from "../../text/restriction-text.ts";
import { Explanation } from "./explanation.tsx";

/** What lets a person back in: the text of the button, and why. A map, because the server chooses the key. */
const returns = new Map<string, [action: string, explanation: string]>([
  ["passRequired", ["Enter the password", "Enter it to come back."]],
  ["kicked", ["Join again", "You may come back."]],
  ["nameTaken", ["Choose another name", "Choose another to come back."]],
]);

export function ClosedNotice() {
  const notice = useRef<HTMLParagraphElement>(null);
  const view = roomView.value;
  const reason = (view.stage === "joined" && view.ended) || "closed";
  const restriction = view.stage === "joined" ? view.restriction : undefined;
  const [action, explanation] = returns.get(reason) ?? [
    undefined,
    restriction && reason === "banned" ? banText(restriction, now.value) : "You can no longer send messages here.",
  ];
  useLayoutEffect(() => {
    // Takes over the focus of the composer.
    if (document.activeElement === document.body) notice.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="closed-notice">
      <p ref={notice} tabIndex={-1}>
        <strong>{endingText(reason)}</strong> {explanation} <Explanation text={restriction?.explanation} />
      </p>
      {action && view.stage === "joined" && (
        <button type="button" class="button primary" onClick={() => openRoom(view.room.id)}>
          {action}
        </button>
      )}
      <a class="button" href={lobbyHref}>
        Back to the lobby
      </a>
    </div>
  );
}
