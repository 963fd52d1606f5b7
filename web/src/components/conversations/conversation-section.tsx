// The list of this person's conversations: the most recently active ones first, those that wait to be read marked.
import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Conversation } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { conversations, hasMore, isLoaded, loadMore, loadUnread, titleOf } from "../../state/conversations.ts";
import { unreadText } from "../../state/room-activity.ts";
import { roomHref } from "../../state/route.ts";
import { shortTime } from "../../text/time.ts";
import { Icon } from "../icons.tsx";
import { Mark, NavLinks, UnreadCount } from "../nav/nav-list.tsx";
import { UnsentCount } from "../unsent-count.tsx";
import { useAttempt } from "../use-attempt.tsx";
import { NewConversationDialog } from "./new-conversation-dialog.tsx";
import { latestText, orderKeeping } from "./order.ts";

// These outlive the component: opening a conversation shows another page.
const onlyUnread = signal(false);
const isHovered = signal(false);
let shown: readonly string[] = [];

/** `current` is the room that is open. */
export function ConversationSection({ current }: { current?: string }) {
  const isCreating = useSignal(false);
  const { attempt, problem } = useAttempt();
  const list = useRef<HTMLDivElement>(null);
  // No event says that the pointer has left if the list itself goes.
  useEffect(() => {
    isHovered.value = list.current?.matches(":hover") ?? false;
  }, [conversations.value.length]);
  useEffect(() => {
    if (onlyUnread.value) attempt(loadUnread);
  }, [onlyUnread.value]);
  const wanted = conversations.value.filter(
    ({ unread, room }) => !onlyUnread.value || unread > 0 || (isHovered.value && shown.includes(room)),
  );
  const listed = isHovered.value ? orderKeeping(wanted, shown) : wanted;
  shown = listed.map(({ room }) => room);
  return (
    <section class="conversations" aria-labelledby="conversations-title">
      <div class="conversations-head">
        <h2 id="conversations-title">Conversations</h2>
        <button
          type="button"
          class="filter-button"
          aria-pressed={onlyUnread.value}
          onClick={() => {
            onlyUnread.value = !onlyUnread.value;
          }}
        >
          Unread
        </button>
        <button
          type="button"
          class="icon-button small"
          aria-haspopup="dialog"
          aria-label="New conversation"
          title="New conversation"
          onClick={() => {
            isCreating.value = true;
          }}
        >
          <Icon name="plus" />
        </button>
      </div>
      {listed.length > 0 ? (
        <div
          ref={list}
          onPointerEnter={() => {
            isHovered.value = true;
          }}
          onPointerLeave={() => {
            isHovered.value = false;
          }}
        >
          <NavLinks>
            {listed.map((conversation) => (
              <ConversationRow key={conversation.room} conversation={conversation} current={current} />
            ))}
          </NavLinks>
        </div>
      ) : (
        <p class="hint">
          {onlyUnread.value ? "No unread conversations." : isLoaded.value ? "No conversations yet." : "Loading…"}
        </p>
      )}
      {hasMore.value && !onlyUnread.value && (
        <button type="button" class="link-button" onClick={() => attempt(loadMore)}>
          Load more
        </button>
      )}
      {problem}
      {isCreating.value && (
        <NewConversationDialog
          onClose={() => {
            isCreating.value = false;
          }}
        />
      )}
    </section>
  );
}

function ConversationRow({ conversation, current }: { conversation: Conversation; current: string | undefined }) {
  const { room, latest, unread, mentions, activeAt } = conversation;
  const title = titleOf(conversation);
  return (
    <li>
      <a
        class={unread > 0 ? "conversation unread" : "conversation"}
        href={roomHref(room)}
        tabIndex={-1}
        aria-current={room === current ? "page" : undefined}
      >
        <bdi class="nav-name">{title}</bdi>
        <time dateTime={new Date(activeAt).toISOString()}>{shortTime(latest?.at ?? activeAt, now.value)}</time>
        <bdi class="conversation-latest">{latestText(conversation)}</bdi>
        <span class="conversation-marks">
          <UnsentCount roomId={room} />
          {mentions > 0 && <Mark icon="mention" label="you are mentioned" />}
          <UnreadCount text={unreadText({ unread, isMore: false })} />
        </span>
      </a>
    </li>
  );
}
