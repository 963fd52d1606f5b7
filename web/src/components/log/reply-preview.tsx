// One line of the message that another one answers.
import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Position, Room, RoomMessage } from "../../../../client/src/index.ts";
import { isCollapsed } from "../../state/conversation-ui.ts";
import { logTarget } from "../../state/log-target.ts";
import { originalOf, readOriginal } from "../../state/originals.ts";
import { roomHref } from "../../state/route.ts";
import { excerpt } from "../../text/message-label.ts";
import { hueClass } from "../avatar.tsx";
import { Icon } from "../icons.tsx";

/** More than fits on a line of any message. */
const LENGTH = 120;

interface ReplyProps {
  room: Room;
  to: Position;
}

/** Leads to the original. */
export function ReplyPreview({ room, to }: ReplyProps) {
  const original = useComputed(() => originalOf(room, to)).value;
  const link = useRef<HTMLAnchorElement>(null);

  // Reads only what comes on screen.
  useEffect(() => {
    if (!link.current || original !== undefined) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) readOriginal(room, to);
    });
    observer.observe(link.current);
    return () => observer.disconnect();
  }, [original === undefined]);

  if (original === null) {
    return (
      <p class="reply-preview">
        <Icon name="reply" />
        <span class="visually-hidden">In reply to: </span>
        <span class="reply-text">Message not found</span>
      </p>
    );
  }
  return (
    <a
      ref={link}
      class="reply-preview"
      href={roomHref(room.id, to.seq)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        logTarget.value = { seq: to.seq };
      }}
    >
      <Icon name="reply" />
      <span class="visually-hidden">In reply to </span>
      <Summary roomId={room.id} original={original} />
    </a>
  );
}

/** Above the composer. */
export function ReplyBar({ room, to, onCancel }: ReplyProps & { onCancel: () => void }) {
  const original = useComputed(() => originalOf(room, to)).value;
  useEffect(() => {
    if (original === undefined) readOriginal(room, to);
  }, [original === undefined]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for several fields.
    <div class="reply-bar" role="group" aria-label="Reply">
      <Icon name="reply" />
      <p>
        <span class="visually-hidden">Replying to </span>
        <Summary roomId={room.id} original={original} />
      </p>
      <button
        type="button"
        class="icon-button small"
        aria-label="Cancel the reply"
        title="Cancel (Esc)"
        onClick={onCancel}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function Summary({ roomId, original }: { roomId: string; original: RoomMessage | null | undefined }) {
  if (!original) return <span class="reply-text">{original === null ? "Message not found" : "Earlier message"}</span>;
  const { own, from, text, deletedAt } = original;
  const isHidden = !own && isCollapsed(roomId, from.userId);
  return (
    <>
      <bdi class={`author ${hueClass(from.userId)}`}>{own ? "You" : from.name}</bdi>{" "}
      <span class={deletedAt ? "reply-text deleted" : "reply-text"} dir="auto">
        {deletedAt ? "Message deleted" : isHidden ? "Blocked message" : excerpt(text, LENGTH)}
      </span>
    </>
  );
}
