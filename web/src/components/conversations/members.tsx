// The members of a conversation and what this person may do: in a panel next to the log, or in a drawer on narrow screens.
import type { Conversation, Member } from "../../../../client/src/index.ts";
import {
  conversationIn,
  otherIn,
  removePerson,
  setBlocked,
  setSharesReading,
  sharesReading,
} from "../../state/conversations.ts";
import { handleOf } from "../../state/handles.ts";
import { isOnline } from "../../state/joined-room.ts";
import { count } from "../../text/count.ts";
import { errorText } from "../../text/error-text.ts";
import { Avatar } from "../avatar.tsx";
import { Confirmed } from "../confirmed.tsx";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { OptionBox } from "../option-box.tsx";
import { useAttempt } from "../use-attempt.tsx";
import { AddPeople, GroupTitle } from "./group-forms.tsx";

export function MembersPanel({ roomId }: { roomId: string }) {
  const conversation = conversationIn(roomId);
  if (!conversation) return null;
  return (
    <aside class="side-panel people" aria-labelledby="people-title">
      <h2 id="people-title">{titleFor(conversation)}</h2>
      <Members conversation={conversation} />
    </aside>
  );
}

export function MembersDrawer({ roomId, onClose }: { roomId: string; onClose: () => void }) {
  const conversation = conversationIn(roomId);
  if (!conversation) return null;
  return (
    <Dialog title={titleFor(conversation)} class="drawer" onClose={onClose}>
      <Members conversation={conversation} />
    </Dialog>
  );
}

function titleFor({ members }: Conversation): string {
  return count(members.length, "member");
}

function Members({ conversation }: { conversation: Conversation }) {
  const { room, kind, members, blocked } = conversation;
  const [you] = members;
  const other = otherIn(conversation);
  const { attempt, problem } = useAttempt();
  return (
    <div class="members">
      <ul class="people-list">
        {members.map((member) => (
          <MemberRow
            key={member.userId}
            member={member}
            isYou={member === you}
            isGroup={kind === "group"}
            {...(you?.role === "owner" &&
              member !== you && { onRemove: () => attempt(() => removePerson(room, member.userId)) })}
          />
        ))}
      </ul>
      {problem}
      <OptionBox title="Read receipts" icon="show" checked={sharesReading.value} onChange={setSharesReading}>
        Show others what you have read, and see what they have
      </OptionBox>
      {kind === "group" && (
        <>
          <AddPeople roomId={room} />
          <GroupTitle key={conversation.title} roomId={room} title={conversation.title ?? ""} />
          <Confirmed
            action="Leave group"
            question="Leave this group? Only its members can add you again."
            confirm="Leave group"
            working="Leaving…"
            work={() => removePerson(room, you?.userId ?? "").then(() => undefined, errorText)}
          />
        </>
      )}
      {other && (
        <button
          type="button"
          class={blocked ? "button" : "button danger"}
          onClick={() => attempt(() => setBlocked(room, other.userId, !blocked))}
        >
          {blocked ? "Unblock" : "Block"} <bdi>{other.name}</bdi>
        </button>
      )}
    </div>
  );
}

interface MemberRowProps {
  member: Member;
  isYou: boolean;
  isGroup: boolean;
  onRemove?: () => void;
}

function MemberRow({ member, isYou, isGroup, onRemove }: MemberRowProps) {
  const tags = [isYou && "you", isGroup && member.role === "owner" && "owner", !isYou && isOnline(member) && "online"]
    .filter(Boolean)
    .join(", ");
  const handle = handleOf(member.userId);
  return (
    <li class="person">
      <Avatar person={member} />
      <span class="person-name">
        <bdi>{member.name}</bdi>
        {handle !== undefined && <bdi class="person-mark"> @{handle}</bdi>}
      </span>
      {member.bot && <span class="tag">Bot</span>}
      {tags && <span class="tag">{tags}</span>}
      {onRemove && (
        <button
          type="button"
          class="icon-button small"
          aria-label={`Remove ${member.name}`}
          title="Remove from the group"
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}
