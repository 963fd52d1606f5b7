// In the place of the composer, for somebody who may not write at the moment: why, and until when.
import { useLayoutEffect, useRef } from "preact/hooks";
import { now } from "../../browser/environment.ts";
import { roomDetails } from "../../state/joined-room.ts";
import { untilText } from "../../text/restriction-text.ts";
import { Icon } from "../icons.tsx";
import { Explanation } from "./explanation.tsx";

export function SilencedNote() {
  const note = useRef<HTMLParagraphElement>(null);
  const muted = roomDetails.value?.muted;
  useLayoutEffect(() => {
    // Takes over the focus of the composer.
    if (document.activeElement === document.body) note.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="silenced-note">
      <Icon name={muted ? "silence" : "lock"} />
      <p ref={note} tabIndex={-1}>
        {muted ? (
          <>
            <strong>A moderator muted you{muted.until !== undefined && ` ${untilText(muted, now.value)}`}.</strong> You
            can read, but not write. <Explanation text={muted.explanation} />
          </>
        ) : (
          <>
            <strong>This room is locked.</strong> Only moderators can write at the moment.
          </>
        )}
      </p>
    </div>
  );
}
