// One message with its author, time, actions and reactions, and the status of this person's own messages and changes.
import { useComputed, useSignal } from "@preact/signals";
import { isConversation, type Room } from "../../../../client/src/index.ts";
import { hasFinePointer } from "../../browser/environment.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import { editing, isSameMessage } from "../../state/editing.ts";
import { mayWrite } from "../../state/joined-room.ts";
import { mentionsYou } from "../../state/names.ts";
import { clockTime, fullTime } from "../../text/time.ts";
import { Avatar, hueClass } from "../avatar.tsx";
import type { MessageItem } from "./log-entries.ts";
import { MessageStatus } from "./message-status.tsx";
import { MessageText } from "./message-text.tsx";
import { messageTools } from "./message-tools.ts";
import { MoreButton } from "./more-button.tsx";
import { Reactions } from "./reactions.tsx";
import { replyPreview } from "./replies.ts";

interface MessageRowProps extends Omit<MessageItem, "startsDay"> {
  room: Room;
  closed: boolean;
}

/** Renders only when a property changes: @preact/signals skips other renders of components that read a signal. */
export function MessageRow({ message, startsGroup, endsGroup, room, closed }: MessageRowProps) {
  const isEditing = useComputed(() => isSameMessage(editing.value?.message, message));
  const ui = conversationUi.value;
  const showsBlocked = useSignal(false);
  const tools = messageTools.loaded;
  const Preview = replyPreview();
  const { from, own, at, status, seq, replyTo, editedAt, deletedAt, reactions } = message;
  const isCollapsed = !own && !showsBlocked.value && ui?.isCollapsed(room.id, from.userId) === true;
  const isForYou = !isCollapsed && mentionsYou(message);
  const classes = [
    "message",
    own ? "own" : "other",
    status,
    startsGroup && "starts-group",
    endsGroup && "ends-group",
    deletedAt && "deleted",
    isEditing.value && "editing",
    isForYou && "for-you",
  ];
  const showsHeader = startsGroup && !own;
  const canAct = seq !== undefined && !deletedAt && !closed && !isCollapsed;
  return (
    <li class={classes.filter(Boolean).join(" ")} data-seq={seq}>
      {showsHeader && <Avatar person={from} />}
      <p class={showsHeader ? "message-header" : "visually-hidden"}>
        <bdi class={`author ${hueClass(from.userId)}`}>{own ? "You" : from.name}</bdi>{" "}
        {from.bot && <span class="tag">Bot</span>} <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
      </p>
      <div class="bubble-row">
        {isCollapsed ? (
          <ui.BlockedMessage shows={showsBlocked} />
        ) : (
          <div class="bubble" dir="auto" title={fullTime(at)}>
            {isForYou && <span class="visually-hidden">Mentions you. </span>}
            {replyTo && !deletedAt && Preview && <Preview room={room} to={replyTo} />}
            {deletedAt ? "Message deleted" : <MessageText message={message} />}
          </div>
        )}
        {editedAt && !deletedAt && !isCollapsed && (
          <span class="edited" title={fullTime(editedAt)}>
            (edited)
          </span>
        )}
        {canAct &&
          (hasFinePointer ? (
            tools && <tools.MessageActions message={message} room={room} />
          ) : (
            <MoreButton message={message} />
          ))}
      </div>
      {canAct && !hasFinePointer && tools && <tools.MessageSheet message={message} room={room} />}
      {reactions.length > 0 && !isCollapsed && (
        <Reactions room={room} message={message} closed={closed || !mayWrite.value} />
      )}
      {own && (endsGroup || status === "failed") && <MessageStatus message={message} room={room} />}
      {own && seq !== undefined && ui && isConversation(room.id) && <ui.SeenBy roomId={room.id} seq={seq} />}
      {seq !== undefined && tools && <tools.Outcome message={message} room={room} />}
    </li>
  );
}
