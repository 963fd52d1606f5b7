// Where one writes. Enter sends, Shift+Enter starts a new line; nothing that was typed is ever cut off.
import { useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";
import { finePointer } from "../../state/browser.ts";
import { about } from "../../state/conversation.ts";
import { draftOf, keepDraft } from "../../state/drafts.ts";
import { lengthOf, MESSAGE_LENGTH, wellFormed } from "../../text/limits.ts";
import { Icon } from "../icon.tsx";
import { LengthNote } from "./length-note.tsx";

export function Composer({ room }: { room: Room }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const text = useSignal(draftOf(room.id));
  const length = lengthOf(text.value);
  const sendable = text.value.trim() !== "" && length <= MESSAGE_LENGTH;

  useEffect(() => {
    if (finePointer) area.current?.focus();
  }, []);
  useLayoutEffect(() => growToContent(area.current), [text.value]);

  function change(value: string) {
    text.value = value;
    keepDraft(room.id, value);
  }

  function send() {
    if (!sendable) return;
    room.send(wellFormed(text.value));
    change("");
    area.current?.focus();
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLTextAreaElement>) {
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      class="composer"
      aria-label="Write a message"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <LengthNote length={length} />
      <div class="composer-box">
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          enterkeyhint="send"
          autoComplete="off"
          aria-label="Message"
          aria-describedby="length-note"
          aria-invalid={length > MESSAGE_LENGTH ? "true" : undefined}
          placeholder={`Message ${about.value?.name ?? ""}`}
          value={text.value}
          onInput={(event) => {
            change(event.currentTarget.value);
            if (event.currentTarget.value) room.sendTyping();
          }}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="send-button" aria-label="Send" title="Send (Enter)" disabled={!sendable}>
          <Icon name="send" />
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
