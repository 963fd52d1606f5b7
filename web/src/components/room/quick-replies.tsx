// Above the composer: the answers that a bot suggests to this person, until they write again. Others do not see them.
import { useComputed } from "@preact/signals";
import type { QuickReply, Room } from "../../../../client/src/index.ts";
import { hasFinePointer } from "../../browser/environment.ts";
import { messages } from "../../state/joined-room.ts";
import { enqueue } from "../../state/outbox.ts";
import { slowModeLeft } from "../../state/slow-mode.ts";
import { forgetNew } from "../../state/unread.ts";
import { answerTo, suggesting } from "../../text/quick-replies.ts";

export function QuickReplies({ room }: { room: Room }) {
  const message = useComputed(() => suggesting(messages.value)).value;
  if (!message) return null;
  const { from, quickReplies = [] } = message;

  function choose(reply: QuickReply, button: HTMLButtonElement) {
    enqueue(room, ...answerTo(room.id, from, reply));
    forgetNew();
    // The button goes. On a phone, the focus would open the keyboard.
    if (hasFinePointer) button.form?.querySelector("textarea")?.focus();
  }

  return (
    <fieldset class="quick-replies" aria-label={`Answers that ${from.name} suggests`}>
      {quickReplies.map((reply) => (
        <button
          key={reply.value}
          type="button"
          class="button"
          disabled={slowModeLeft.value > 0}
          onClick={({ currentTarget }) => choose(reply, currentTarget)}
        >
          <bdi>{reply.text}</bdi>
        </button>
      ))}
    </fieldset>
  );
}
