// The reactions to a message. Pressing one adds or removes this person's reaction.
import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Reaction, Room, RoomMessage } from "../../../../client/src/index.ts";
import { people, yourId } from "../../state/joined-room.ts";
import { react } from "../../state/pending-changes.ts";
import { count, countPeople } from "../../text/count.ts";
import { emojiName } from "../../text/emoji.ts";
import { messageLabel } from "../../text/message-label.ts";

interface ReactionsProps {
  room: Room;
  message: RoomMessage;
  closed: boolean;
}

export function Reactions({ room, message, closed }: ReactionsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div class="reactions" role="group" aria-label={`Reactions to ${messageLabel(message)}`}>
      {message.reactions.map((reaction) => (
        <ReactionButton key={reaction.emoji} reaction={reaction} room={room} message={message} closed={closed} />
      ))}
    </div>
  );
}

function ReactionButton({ reaction, room, message, closed }: ReactionsProps & { reaction: Reaction }) {
  const { emoji, userIds } = reaction;
  const you = yourId.value;
  const isSet = userIds.includes(you);
  // A signal, so that presence updates the title without rendering the component.
  const title = useMemo(() => computed(() => describePeople(userIds, you)), [userIds, you]);
  return (
    <button
      type="button"
      class="reaction"
      aria-pressed={isSet}
      aria-label={`${emojiName(emoji)}: ${countPeople(userIds.length)}`}
      title={title}
      disabled={closed}
      onClick={() => react(room, message, emoji, !isSet)}
    >
      <span aria-hidden="true">{emoji}</span>
      <span aria-hidden="true">{userIds.length}</span>
    </button>
  );
}

/** Lists the people in the room by name and counts the others. */
function describePeople(userIds: readonly string[], you: string): string {
  const here = people.value.filter(({ userId }) => userId !== you && userIds.includes(userId)).map(({ name }) => name);
  const known = userIds.includes(you) ? ["You", ...here] : here;
  const others = userIds.length - known.length;
  return [...known, ...(others > 0 ? [count(others, "other")] : [])].join(", ");
}
