// Writes and edits messages, and answers them. Enter sends and Shift+Enter starts a new line; on an on-screen keyboard, Enter starts a new
// line and the button sends. The up arrow in an empty field edits this person's last message. A text that is too long is
// never cut off.
import { useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { limits, type Room } from "../../../../client/src/index.ts";
import { hasFinePointer } from "../../browser/environment.ts";
import { isFromHardwareKeyboard } from "../../browser/on-screen-keyboard.ts";
import { announce } from "../../state/announcer.ts";
import { getDraft, updateDraft } from "../../state/drafts.ts";
import { editing, startEditingLast, stopEditing } from "../../state/editing.ts";
import { may, mayWrite, roomDetails, roomName } from "../../state/joined-room.ts";
import { enqueue } from "../../state/outbox.ts";
import { editMessage } from "../../state/pending-changes.ts";
import { replyingTo, resumeReply, stopReplying } from "../../state/replying.ts";
import { slowModeLeft } from "../../state/slow-mode.ts";
import { forgetNew } from "../../state/unread.ts";
import { isBlank } from "../../text/blank.ts";
import { type Mentioned, mentionsIn } from "../../text/mentions.ts";
import { lengthOf, wellFormed } from "../../text/normalize.ts";
import { emoji } from "../emoji/emoji.ts";
import { Icon } from "../icon.tsx";
import { lazy } from "../lazy.ts";
import { replyBar } from "../log/replies.ts";
import { CharacterCount } from "./character-count.tsx";
import { roomNotes } from "./notes.ts";

const mentionList = lazy(async () => (await import("./mention-list.tsx")).MentionList);

export function Composer({ room }: { room: Room }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const text = useSignal(getDraft(room.id).text);
  const isPicking = useSignal(false);
  /** Who was chosen to be mentioned. The text may have lost their names again. */
  const mentioned = useRef<readonly Mentioned[]>([]);
  const edited = editing.value;
  const ReplyBar = replyBar();
  const replyTo = edited || !ReplyBar ? undefined : replyingTo.value;
  const MentionList = mentionList.loaded;
  const hasCode = /:[a-z0-9_+-]{2}/.test(text.value);
  const length = lengthOf(text.value);
  const notes = roomNotes.loaded;
  /** Moderators are exempt. */
  const slow = may("slowMode") ? undefined : roomDetails.value?.rules.slowModeSeconds;
  const canSend = !isBlank(text.value) && length <= limits.textLength && (edited || slowModeLeft.value === 0);

  useEffect(() => {
    if (hasFinePointer) area.current?.focus();
    const endReply = resumeReply(room);
    return () => {
      endReply();
      stopEditing();
    };
  }, []);
  useEffect(() => {
    if (text.value.includes("@")) void mentionList.load();
    if (hasCode || isPicking.value) void emoji.load();
  }, [text.value, isPicking.value]);
  useLayoutEffect(() => {
    const draft = getDraft(room.id);
    text.value = edited ? edited.initialText : draft.text;
    mentioned.current = (edited ? edited.mentioned : draft.mentioned) ?? [];
  }, [edited]);
  useLayoutEffect(() => {
    // The focus is lost if it was on the button that began or ended this.
    if (edited || replyTo || document.activeElement === document.body) area.current?.focus();
  }, [edited, replyTo, mayWrite.value]);

  function setText(value: string) {
    text.value = value;
    if (value === "") mentioned.current = [];
    if (!edited) updateDraft(room.id, { text: value, mentioned: mentioned.current });
  }

  function choose(person: Mentioned) {
    mentioned.current = [...mentioned.current, person];
    setText(area.current?.value ?? "");
  }

  function insert(picked: string) {
    const field = area.current;
    field?.setRangeText(picked, field.selectionStart, field.selectionEnd, "end");
    setText(field?.value ?? "");
  }

  function send() {
    if (slowModeLeft.value > 0 && !edited) announce("Slow mode: wait a moment");
    if (!canSend) return;
    const message = wellFormed(text.value);
    if (edited) {
      if (message !== edited.currentText) editMessage(room, edited.message, message, mentioned.current);
      stopEditing();
    } else {
      enqueue(room, message, { ...(replyTo && { replyTo }), ...mentionsIn(message, mentioned.current) });
      forgetNew();
      setText("");
      if (replyTo) stopReplying(room);
    }
    area.current?.focus();
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLTextAreaElement>) {
    const sendsWithEnter = hasFinePointer || isFromHardwareKeyboard(event);
    const isSendKey = sendsWithEnter ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && isSendKey) send();
    else if (event.key === "Escape" && edited) stopEditing();
    else if (event.key === "Escape" && replyTo) stopReplying(room);
    else if (event.key === "ArrowUp" && text.value === "" && !edited) startEditingLast();
    else return;
    event.preventDefault();
  }

  if (!mayWrite.value) return notes ? <notes.SilencedNote /> : null;
  return (
    <form
      class="composer"
      aria-label={edited ? "Edit a message" : "Write a message"}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {edited && (
        <p class="editing-note">
          Editing your message
          <button type="button" class="link-button" onClick={stopEditing}>
            Cancel
          </button>
        </p>
      )}
      {ReplyBar && replyTo && (
        <ReplyBar key={replyTo.seq} room={room} to={replyTo} onCancel={() => stopReplying(room)} />
      )}
      {MentionList && text.value.includes("@") && <MentionList area={area} onChoose={choose} />}
      {hasCode && emoji.loaded && (
        <emoji.loaded.EmojiList area={area} onChoose={() => setText(area.current?.value ?? "")} />
      )}
      {isPicking.value && emoji.loaded && (
        <emoji.loaded.EmojiPicker
          title="Insert an emoji"
          onPick={insert}
          onClose={() => {
            isPicking.value = false;
            area.current?.focus();
          }}
        />
      )}
      <CharacterCount length={length} />
      {notes && slow !== undefined && !edited && <notes.SlowMode room={room} seconds={slow} />}
      {notes && !edited && <notes.QuickReplies room={room} />}
      <div class="composer-box">
        <div class="composer-input" data-text={text.value}>
          <textarea
            ref={area}
            rows={1}
            dir="auto"
            enterkeyhint={hasFinePointer ? "send" : "enter"}
            autoComplete="off"
            aria-label={edited ? "Edit message" : "Message"}
            aria-describedby="character-count"
            aria-invalid={length > limits.textLength ? "true" : undefined}
            placeholder={`Message ${roomName.value}`}
            value={text.value}
            onInput={(event) => {
              setText(event.currentTarget.value);
              if (event.currentTarget.value && !edited) room.sendTyping();
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        {hasFinePointer && (
          <button
            type="button"
            class="icon-button"
            aria-label="Insert an emoji"
            title="Emoji"
            onClick={() => {
              isPicking.value = true;
            }}
          >
            <Icon name="smile" />
          </button>
        )}
        <button
          type="submit"
          class="send-button"
          aria-label={edited ? "Save" : "Send"}
          title={`${edited ? "Save" : "Send"}${hasFinePointer ? " (Enter)" : ""}`}
          disabled={!canSend}
        >
          <Icon name={edited ? "check" : "send"} />
        </button>
      </div>
    </form>
  );
}
