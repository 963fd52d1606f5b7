// Where one writes, and changes what one wrote. Enter sends and Shift+Enter starts a new line; on touch screens, Enter starts
// a new line and the button sends. The up arrow in an empty field takes up one's last message. Nothing that was typed is
// ever cut off.
import { useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";
import { finePointer } from "../../browser/environment.ts";
import { draftOf, keepDraft } from "../../state/drafts.ts";
import { editing, startEditingLast, stopEditing } from "../../state/editing.ts";
import { roomName } from "../../state/joined-room.ts";
import { say } from "../../state/outbox.ts";
import { edit } from "../../state/pending-changes.ts";
import { isBlank } from "../../text/blank.ts";
import { lengthOf, MESSAGE_LENGTH, wellFormed } from "../../text/normalize.ts";
import { Icon } from "../icon.tsx";
import { LengthNote } from "./character-count.tsx";

export function Composer({ room }: { room: Room }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const text = useSignal(draftOf(room.id));
  const edited = editing.value;
  const length = lengthOf(text.value);
  const sendable = !isBlank(text.value) && length <= MESSAGE_LENGTH;

  useEffect(() => {
    if (finePointer) area.current?.focus();
    return stopEditing;
  }, []);
  useLayoutEffect(() => {
    text.value = edited ? edited.text : draftOf(room.id);
    // Before, the focus may have been on the button that ended the editing.
    if (edited || document.activeElement === document.body) area.current?.focus();
  }, [edited]);

  function change(value: string) {
    text.value = value;
    if (!edited) keepDraft(room.id, value);
  }

  function send() {
    if (!sendable) return;
    const said = wellFormed(text.value);
    if (edited) {
      if (said !== edited.before) edit(room, edited.message, said);
      stopEditing();
    } else {
      say(room, said);
      change("");
    }
    area.current?.focus();
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLTextAreaElement>) {
    const sends = finePointer ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && sends) send();
    else if (event.key === "Escape" && edited) stopEditing();
    else if (event.key === "ArrowUp" && text.value === "" && !edited) startEditingLast();
    else return;
    event.preventDefault();
  }

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
      <LengthNote length={length} />
      <div class="composer-box">
        <div class="draft" data-text={text.value}>
          <textarea
            ref={area}
            rows={1}
            dir="auto"
            enterkeyhint={finePointer ? "send" : "enter"}
            autoComplete="off"
            aria-label={edited ? "Edit message" : "Message"}
            aria-describedby="length-note"
            aria-invalid={length > MESSAGE_LENGTH ? "true" : undefined}
            placeholder={`Message ${roomName.value}`}
            value={text.value}
            onInput={(event) => {
              change(event.currentTarget.value);
              if (event.currentTarget.value && !edited) room.sendTyping();
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <button
          type="submit"
          class="send-button"
          aria-label={edited ? "Save" : "Send"}
          title={`${edited ? "Save" : "Send"}${finePointer ? " (Enter)" : ""}`}
          disabled={!sendable}
        >
          <Icon name={edited ? "check" : "send"} />
        </button>
      </div>
    </form>
  );
}
