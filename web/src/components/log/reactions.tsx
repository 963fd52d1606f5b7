// The reactions to a message; pressing one adds one's own, or takes it away.
import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Reaction, Room, RoomMessage } from "../../../../client/src/index.ts";
import { people, yourId } from "../../state/joined-room.ts";
import { react } from "../../state/pending-changes.ts";
import { count } from "../../text/count.ts";
import { emojiName } from "../../text/emoji.ts";
import { describe } from "../../text/message-label.ts";

interface ReactionsProps {
  room: Room;
  message: RoomMessage;
  closed: boolean;
}

export function Reactions({ room, message, closed }: ReactionsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div class="reactions" role="group" aria-label={`Reactions to ${describe(message)}`}>
      {message.reactions.map((reaction) => (
        <ReactionButton key={reaction.emoji} reaction={reaction} room={room} message={message} closed={closed} />
      ))}
    </div>
  );
}

function ReactionButton({ reaction, room, message, closed }: ReactionsProps & { reaction: Reaction }) {
  const { emoji, userIds } = reaction;
  const you = yourId.value;
  const mine = userIds.includes(you);
  // Changes with the people who are here, without rendering anything.
  const title = useMemo(() => computed(() => who(userIds, you)), [userIds, you]);
  return (
    <button
      type="button"
      class="reaction"
      aria-pressed={mine}
      aria-label={`${emojiName(emoji)}: ${count(userIds.length, "person", "people")}`}
      title={title}
      disabled={closed}
      onClick={() => react(room, message, emoji, !mine)}
    >
      <span aria-hidden="true">{emoji}</span>
      <span aria-hidden="true">{userIds.length}</span>
    </button>
  );
}

/** Those who are here by name, the others by number. */
function who(userIds: readonly string[], you: string): string {
  const here = people.value.filter(({ userId }) => userId !== you && userIds.includes(userId)).map(({ name }) => name);
  const known = userIds.includes(you) ? ["You", ...here] : here;
  const others = userIds.length - known.length;
  return [...known, ...(others > 0 ? [count(others, "other")] : [])].join(", ");
}
