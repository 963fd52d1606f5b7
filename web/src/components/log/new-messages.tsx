// The line before the first new message, and the button that leads to it.
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { visible } from "../../browser/environment.ts";
import { logTarget } from "../../state/log-target.ts";
import { dividerSeen, newSeqAbove } from "../../state/unread.ts";
import { Icon } from "../icon.tsx";

export function NewMessagesDivider() {
  const line = useRef<HTMLLIElement>(null);
  useSignalEffect(() => {
    if (!visible.value || !line.current) return undefined;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) dividerSeen();
    });
    observer.observe(line.current);
    return () => observer.disconnect();
  });
  return (
    <li class="new-messages" ref={line}>
      <span>New messages</span>
    </li>
  );
}

export function NewMessagesButton() {
  const seq = newSeqAbove.value;
  if (seq === undefined) return null;
  return (
    <div class="to-new-anchor">
      <button
        type="button"
        class="to-bottom to-new"
        onClick={() => {
          logTarget.value = { seq };
        }}
      >
        <Icon name="send" />
        Jump to new messages
      </button>
    </div>
  );
}
