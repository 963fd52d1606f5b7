// The title of a conversation and who is in it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Conversation } from "../../../../client/src/index.ts";
import { hasFinePointer, wide } from "../../browser/environment.ts";
import { conversationIn, loadConversation, otherIn, titleOf } from "../../state/conversations.ts";
import { handleOf } from "../../state/handles.ts";
import { isOnline } from "../../state/joined-room.ts";
import { hasNavigated } from "../../state/route.ts";
import { count, listNames } from "../../text/count.ts";
import { Icon } from "../icons.tsx";

interface ConversationHeaderProps {
  roomId: string;
  /** This person is no longer a member. */
  closed: boolean;
  onShowPeople: () => void;
  /** Before the title. */
  children: ComponentChildren;
}

export function ConversationHeader({ roomId, closed, onShowPeople, children }: ConversationHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const conversation = conversationIn(roomId);
  const isKnown = conversation !== undefined;
  useEffect(() => {
    if (hasNavigated() && !hasFinePointer) heading.current?.focus();
  }, []);
  useEffect(() => {
    if (!isKnown && !closed) loadConversation(roomId).catch(() => {});
  }, [isKnown]);
  const title = conversation ? titleOf(conversation) : "Conversation";
  const [, ...others] = conversation?.members ?? [];
  const names = listNames(["You", ...others.map(({ name }) => name)], 4);
  const online = others.filter(isOnline).length;
  return (
    <header class="room-header">
      {children}
      <div class="room-title">
        <h1 ref={heading} tabIndex={-1} dir="auto" title={title}>
          {title}
        </h1>
        <p class="room-topic">
          {conversation?.kind === "group" ? (
            <>
              {online > 0 && `${online} online · `}
              <bdi>{names}</bdi>
            </>
          ) : conversation?.blocked ? (
            "Blocked"
          ) : (
            directText(conversation, online > 0)
          )}
        </p>
      </div>
      {!wide.value && !closed && conversation && (
        <button
          type="button"
          class="button people-button"
          aria-haspopup="dialog"
          aria-label={`Show ${count(conversation.members.length, "member")}`}
          onClick={onShowPeople}
        >
          <Icon name="people" />
          {conversation.members.length}
        </button>
      )}
    </header>
  );
}

function directText(conversation: Conversation | undefined, isOnline: boolean): string {
  const other = conversation && otherIn(conversation);
  const handle = other && handleOf(other.userId);
  const known = [handle !== undefined && `@${handle}`, isOnline && "Online"].filter(Boolean);
  return known.join(" · ") || "Direct conversation";
}
