// Completes mentions: while the caret is after `@` and the beginning of a name, a list above the text offers people.
// ARIA allows no other role on a text area, so it stays a text box, which refers to the list and the active option.
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { announce } from "../../state/announcer.ts";
import { may, people, roomDetails, yourId } from "../../state/joined-room.ts";
import { count } from "../../text/count.ts";
import { isHook } from "../../text/hooks.ts";
import { mentionBefore, mentionOptions } from "../../text/mention-options.ts";
import type { Mentioned } from "../../text/mentions.ts";
import { Avatar } from "../avatar.tsx";
import { Icon } from "../icon.tsx";

const ID = "mention-list";
const optionId = (index: number) => `${ID}-${index}`;

interface MentionListProps {
  area: RefObject<HTMLTextAreaElement | null>;
  /** The text area has the name now. */
  onChoose: (mentioned: Mentioned) => void;
}

/** Render it again whenever the text changes. */
export function MentionList({ area, onChoose }: MentionListProps) {
  /** Increased when the caret has moved, or the focus. */
  const moves = useSignal(0);
  /** The option that Enter inserts, among those for a query. */
  const active = useSignal({ query: "", index: 0 });
  /** Where the mention begins for which the list was closed. */
  const closedAt = useSignal<number | undefined>(undefined);

  void moves.value;
  const { value = "", selectionStart = 0, selectionEnd = 0 } = area.current ?? {};
  const isWriting = document.activeElement === area.current && selectionStart === selectionEnd;
  const mention = isWriting ? mentionBefore(value, selectionStart) : undefined;
  const everyone = [...people.value, ...(roomDetails.value?.bots ?? []).filter((bot) => !isHook(bot))];
  const others = everyone.filter(({ userId }) => userId !== yourId.value);
  const options =
    mention && mention.start !== closedAt.value ? mentionOptions(mention.query, others, may("mentionRoom")) : [];
  const index = active.value.query === mention?.query ? Math.min(active.value.index, options.length - 1) : 0;
  const isOpen = options.length > 0;

  function activate(next: number) {
    active.value = { query: mention?.query ?? "", index: (next + options.length) % options.length };
  }

  function choose(option: Mentioned | undefined) {
    if (!area.current || !mention || !option) return;
    const rest = value.slice(selectionStart);
    closedAt.value = mention.start;
    area.current.setRangeText(`@${option.name}${/^\s/.test(rest) ? "" : " "}`, mention.start, selectionStart, "end");
    onChoose(option);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!isOpen || event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") activate(index + 1);
    else if (event.key === "ArrowUp") activate(index - 1);
    else if (event.key === "Enter" || event.key === "Tab") choose(options[index]);
    else if (event.key === "Escape") closedAt.value = mention?.start;
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  const keyDown = useRef(onKeyDown);
  keyDown.current = onKeyDown;
  // Before the next key.
  useLayoutEffect(() => {
    const field = area.current;
    const moved = () => {
      moves.value++;
    };
    const pressed = (event: KeyboardEvent) => keyDown.current(event);
    // Before the composer's own keys.
    field?.addEventListener("keydown", pressed, { capture: true });
    field?.addEventListener("blur", moved);
    document.addEventListener("selectionchange", moved);
    return () => {
      field?.removeEventListener("keydown", pressed, { capture: true });
      field?.removeEventListener("blur", moved);
      document.removeEventListener("selectionchange", moved);
    };
  }, []);
  // Another mention may begin where a closed one was.
  useEffect(() => {
    if (!mention) closedAt.value = undefined;
  }, [mention === undefined]);
  useEffect(() => {
    if (isOpen) announce(count(options.length, "suggestion"));
  }, [isOpen]);
  useLayoutEffect(() => {
    const field = area.current;
    if (!field || !isOpen) return;
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", ID);
    field.setAttribute("aria-activedescendant", optionId(index));
    document.getElementById(optionId(index))?.scrollIntoView({ block: "nearest" });
    return () => {
      for (const name of ["aria-autocomplete", "aria-controls", "aria-activedescendant"]) field.removeAttribute(name);
    };
  }, [isOpen, index]);

  if (!isOpen) return null;
  return (
    <div class="mention-list" id={ID} role="listbox" aria-label="People to mention">
      {options.map((option, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the text area has the focus, and its keys.
        // biome-ignore lint/a11y/useFocusableInteractive: as above.
        <div
          key={option.userId ?? ""}
          id={optionId(at)}
          role="option"
          aria-selected={at === index}
          // The focus stays in the text.
          onMouseDown={(event) => event.preventDefault()}
          onMouseMove={() => activate(at)}
          onClick={() => choose(option)}
        >
          {option.userId === undefined ? (
            <span class="mention-room">
              <Icon name="people" />
            </span>
          ) : (
            <Avatar person={{ userId: option.userId, name: option.name }} />
          )}
          <bdi>{option.name}</bdi>
          {option.userId === undefined && <span class="hint">Everyone in this room</span>}
        </div>
      ))}
    </div>
  );
}
