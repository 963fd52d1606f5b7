// A message's toolbar: next to it for mouse and keyboard, in a sheet on touch screens.
import { useComputed } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { isConversation, type Room, type RoomMessage } from "../../../../client/src/index.ts";
import { has } from "../../state/config.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import {
  type ActionMenu,
  actionMenu,
  closeActionMenu,
  isSameMessage,
  reactingTo,
  startEditing,
} from "../../state/editing.ts";
import { may, mayWrite, yourId } from "../../state/joined-room.ts";
import { deleteMessage, react } from "../../state/pending-changes.ts";
import { startReply } from "../../state/replying.ts";
import { reporting } from "../../state/reporting.ts";
import { roomLink } from "../../state/route.ts";
import { keepUnread } from "../../state/unread.ts";
import { REACTIONS } from "../../text/emoji.ts";
import { messageLabel } from "../../text/message-label.ts";
import { Dialog } from "../dialog.tsx";
import { emoji } from "../emoji/emoji.ts";
import { Icon } from "../icons.tsx";
import { moderation } from "../moderation/moderation.ts";
import { roomNotes } from "../room/notes.ts";
import { Action } from "./action.tsx";
import { ChangeStatus } from "./change-status.tsx";
import { CopyAction } from "./copy-action.tsx";
import { replyBar } from "./replies.ts";
import { ReportDialog } from "./report-dialog.tsx";

interface MessageActionsProps {
  message: RoomMessage;
  room: Room;
}

function useMode(message: RoomMessage): ActionMenu["mode"] | undefined {
  return useComputed(() => (isSameMessage(actionMenu.value?.message, message) ? actionMenu.value?.mode : undefined))
    .value;
}

/** What a message's actions led to: a change that is not saved yet, the form that reports the message, or all emoji. */
export function Outcome({ message, room }: MessageActionsProps) {
  const isReporting = useComputed(() => isSameMessage(reporting.value, message)).value;
  const isReacting = useComputed(() => isSameMessage(reactingTo.value, message)).value;
  useEffect(() => {
    if (isReacting) void emoji.load();
  }, [isReacting]);
  return (
    <>
      <ChangeStatus message={message} room={room} />
      {isReporting && <ReportDialog message={message} room={room} />}
      {isReacting && emoji.loaded && (
        <emoji.loaded.EmojiPicker
          title={`React to ${messageLabel(message)}`}
          onPick={(picked) => react(room, message, picked, !hasReacted(message, picked))}
          onClose={() => {
            reactingTo.value = undefined;
          }}
        />
      )}
    </>
  );
}

/** The toolbar on touch screens, which have no hover. A button or a long press opens it. */
export function MessageSheet({ message, room }: MessageActionsProps) {
  if (!useMode(message)) return null;
  return (
    <Dialog title={message.own ? "Your message" : `${message.from.name}'s message`} isSheet onClose={closeActionMenu}>
      <p class="sheet-excerpt" dir="auto">
        {message.text}
      </p>
      <MessageActions message={message} room={room} />
    </Dialog>
  );
}

export function MessageActions({ message, room }: MessageActionsProps) {
  const toolbar = useRef<HTMLDivElement>(null);
  const row = useRef<Element | null>(null);
  const mode = useMode(message);
  const previousMode = useRef(mode);
  const you = yourId.value;
  const ui = conversationUi.value;
  const mayDelete = useComputed(() => may("deleteAny") || conversationUi.value?.ownsGroup(room.id) === true).value;
  const tools = moderation.loaded;
  const mayModerate = useComputed(() => roomNotes.loaded?.canModerate(message.from.userId)).value;
  // Compares with the current identity: `message.own` is also true for this person's earlier ones.
  const isAuthor = message.from.userId === you;
  const label = messageLabel(message);

  // Focuses what opens; on closing, returns the focus to the button that opened it.
  useLayoutEffect(() => {
    const closedMode = previousMode.current;
    previousMode.current = mode;
    if (mode) {
      row.current = toolbar.current?.closest("li") ?? null;
      toolbar.current?.querySelector("button")?.focus();
    } else if (closedMode && document.activeElement === document.body) {
      const buttons = row.current?.querySelectorAll<HTMLElement>(`[data-opens="${closedMode}"], .more-button`);
      buttons?.[0]?.focus({ preventScroll: true });
    }
  }, [mode]);

  function show(next: ActionMenu["mode"] | undefined) {
    actionMenu.value = next && { message, mode: next };
  }

  /** At once, so that the composer can take the focus. */
  function closeSheet() {
    toolbar.current?.closest("dialog")?.close();
    closeActionMenu();
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLDivElement>) {
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    // While it shows reactions or a question, the arrow keys stay in it. Otherwise they go through the whole message.
    if (step && mode && mode !== "toolbar") {
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
      buttons.at((at + step) % buttons.length)?.focus();
    } else if (event.key === "Escape" && mode) show(undefined);
    else return;
    event.preventDefault();
  }

  if (mode === "confirmDelete") {
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
      <div ref={toolbar} class="actions open" role="group" aria-label={`Delete ${label}`} onKeyDown={onKeyDown}>
        <span>Delete for everyone?</span>
        <button type="button" class="link-button" onClick={() => show(undefined)}>
          Cancel
        </button>
        <button
          type="button"
          class="link-button danger"
          onClick={() => {
            deleteMessage(room, message);
            show(undefined);
          }}
        >
          Delete
        </button>
      </div>
    );
  }
  return (
    <div
      ref={toolbar}
      class={mode ? "actions open" : "actions"}
      role="toolbar"
      aria-label={mode === "reactions" ? `React to ${label}` : `Actions for ${label}`}
      onKeyDown={onKeyDown}
    >
      {mode === "reactions" ? (
        <>
          {REACTIONS.map(([each, name]) => {
            const isSet = hasReacted(message, each);
            const pick = () => {
              react(room, message, each, !isSet);
              show(undefined);
            };
            return (
              <Action key={each} title={name} label={name} pressed={isSet} onClick={pick}>
                <span aria-hidden="true">{each}</span>
              </Action>
            );
          })}
          <Action
            title="All emoji"
            label={`All emoji, to react to ${label}`}
            onClick={() => {
              closeSheet();
              reactingTo.value = message;
            }}
          >
            <Icon name="plus" />
          </Action>
        </>
      ) : (
        <>
          {mayWrite.value && (
            <Action title="React" label={`React to ${label}`} opens="reactions" onClick={() => show("reactions")}>
              <Icon name="smile" />
            </Action>
          )}
          {mayWrite.value && replyBar() && (
            <Action
              title="Reply"
              label={`Reply to ${label}`}
              onClick={() => {
                closeSheet();
                startReply(room, message);
              }}
            >
              <Icon name="reply" />
            </Action>
          )}
          {isAuthor && mayWrite.value && (
            <Action
              title="Edit"
              label={`Edit ${label}`}
              onClick={() => {
                closeSheet();
                startEditing(message);
              }}
            >
              <Icon name="edit" />
            </Action>
          )}
          <CopyAction title="Copy text" label={`Copy the text of ${label}`} text={message.text} />
          <CopyAction
            title="Copy link"
            label={`Copy a link to ${label}`}
            text={roomLink(room.id, message.seq)}
            icon="link"
          />
          {!isAuthor && ui && isConversation(room.id) && (
            <Action
              title="Mark as unread"
              label={`Mark as unread ${label}`}
              onClick={() => {
                closeActionMenu();
                if (message.seq === undefined) return;
                keepUnread(message.seq);
                void ui.markUnread(room.id, message.seq);
              }}
            >
              <Icon name="unread" />
            </Action>
          )}
          {!message.own && !isConversation(room.id) && has("reports") && (
            <Action
              title="Report"
              label={`Report ${label}`}
              onClick={() => {
                closeSheet();
                reporting.value = message;
              }}
            >
              <Icon name="flag" />
            </Action>
          )}
          {tools && mayModerate && (
            <tools.PersonMenu
              room={room}
              person={message.from}
              label={`Moderate the author of ${label}`}
              onDone={closeSheet}
            />
          )}
          {(isAuthor || mayDelete) && (
            <Action
              title="Delete"
              label={`Delete ${label}`}
              opens="confirmDelete"
              onClick={() => show("confirmDelete")}
            >
              <Icon name="delete" />
            </Action>
          )}
        </>
      )}
    </div>
  );
}

function hasReacted(message: RoomMessage, emoji: string): boolean {
  return message.reactions.some((reaction) => reaction.emoji === emoji && reaction.userIds.includes(yourId.value));
}
