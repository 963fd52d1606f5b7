// Where one writes, and changes what one wrote. Enter sends, Shift+Enter starts a new line, the up arrow in an empty
// field takes up one's last message; nothing that was typed is ever cut off.
import { useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";
import { edit } from "../../state/attempts.ts";
import { finePointer } from "../../state/browser.ts";
import { about } from "../../state/conversation.ts";
import { draftOf, keepDraft } from "../../state/drafts.ts";
import { editing, startEditingLast, stopEditing } from "../../state/editing.ts";
import { isBlank } from "../../text/blank.ts";
import { lengthOf, MESSAGE_LENGTH, wellFormed } from "../../text/limits.ts";
import { Icon } from "../icon.tsx";
import { LengthNote } from "./length-note.tsx";

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
    if (edited) area.current?.focus();
  }, [edited]);
  useLayoutEffect(() => growToContent(area.current), [text.value]);

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
      room.send(said);
      change("");
    }
    area.current?.focus();
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLTextAreaElement>) {
    // While an input method composes, the keys are its own.
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) send();
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
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          enterkeyhint="send"
          autoComplete="off"
          aria-label={edited ? "Edit message" : "Message"}
          aria-describedby="length-note"
          aria-invalid={length > MESSAGE_LENGTH ? "true" : undefined}
          placeholder={`Message ${about.value?.name ?? ""}`}
          value={text.value}
          onInput={(event) => {
            change(event.currentTarget.value);
            if (event.currentTarget.value && !edited) room.sendTyping();
          }}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          class="send-button"
          aria-label={edited ? "Save" : "Send"}
          title={edited ? "Save (Enter)" : "Send (Enter)"}
          disabled={!sendable}
        >
          <Icon name={edited ? "check" : "send"} />
        </button>
      </div>
    </form>
  );
}

/** Up to the height that the style sheet allows. */
function growToContent(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
