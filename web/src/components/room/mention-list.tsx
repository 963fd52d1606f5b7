// Completes mentions: after `@` and the beginning of a name, a list above the text offers people.
import type { RefObject } from "preact";
import { may, people, roomDetails, yourId } from "../../state/joined-room.ts";
import { isHook } from "../../text/hooks.ts";
import { mentionBefore, mentionOptions } from "../../text/mention-options.ts";
import type { Mentioned } from "../../text/mentions.ts";
import { Avatar } from "../avatar.tsx";
import { Icon } from "../icon.tsx";
import { CompletionList, type Written } from "./completion-list.tsx";

interface MentionListProps {
  area: RefObject<HTMLTextAreaElement | null>;
  /** The text area has the name now. */
  onChoose: (mentioned: Mentioned) => void;
}

/** Render it again whenever the text changes. */
export function MentionList({ area, onChoose }: MentionListProps) {
  const everyone = [...people.value, ...(roomDetails.value?.bots ?? []).filter((bot) => !isHook(bot))];
  const others = everyone.filter(({ userId }) => userId !== yourId.value);
  const mayMentionRoom = may("mentionRoom");
  return (
    <CompletionList
      area={area}
      id="mention-list"
      label="People to mention"
      find={mentionBefore}
      optionsFor={({ query }: Written) => mentionOptions(query, others, mayMentionRoom)}
      keyOf={({ userId = "" }) => userId}
      textOf={({ name }) => `@${name}`}
      onChoose={onChoose}
    >
      {(option) => (
        <>
          {option.userId === undefined ? (
            <span class="mention-room">
              <Icon name="people" />
            </span>
          ) : (
            <Avatar person={{ userId: option.userId, name: option.name }} />
          )}
          <bdi>{option.name}</bdi>
          {option.userId === undefined && <span class="hint">Everyone in this room</span>}
        </>
      )}
    </CompletionList>
  );
}
