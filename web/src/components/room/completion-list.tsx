// Completes what is being written before the caret: a list above the text offers options.
// ARIA allows no other role on a text area, so it stays a text box, which refers to the list and the active option.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { announce } from "../../state/announcer.ts";
import { count } from "../../text/count.ts";

/** What of an option is written before the caret, and where it begins. */
export interface Written {
  readonly start: number;
  readonly query: string;
}

interface CompletionListProps<Option, Found extends Written> {
  area: RefObject<HTMLTextAreaElement | null>;
  id: string;
  label: string;
  find: (text: string, caret: number) => Found | undefined;
  optionsFor: (found: Found) => readonly Option[];
  keyOf: (option: Option) => string;
  /** What replaces what was written. A space follows. */
  textOf: (option: Option) => string;
  /** The text area has the option's text now. */
  onChoose: (option: Option) => void;
  children: (option: Option) => ComponentChildren;
}

/** Render it again whenever the text changes. */
export function CompletionList<Option, Found extends Written>(props: CompletionListProps<Option, Found>) {
  const { area, id, label, find, optionsFor, keyOf, textOf, onChoose, children } = props;
  /** Increased when the caret has moved, or the focus. */
  const moves = useSignal(0);
  /** The option that Enter inserts, among those for a query. */
  const active = useSignal({ query: "", index: 0 });
  /** Where the text begins for which the list was closed. */
  const closedAt = useSignal<number | undefined>(undefined);

  void moves.value;
  const { value = "", selectionStart = 0, selectionEnd = 0 } = area.current ?? {};
  const isWriting = document.activeElement === area.current && selectionStart === selectionEnd;
  const written = isWriting ? find(value, selectionStart) : undefined;
  const options = written && written.start !== closedAt.value ? optionsFor(written) : [];
  const index = active.value.query === written?.query ? Math.min(active.value.index, options.length - 1) : 0;
  const isOpen = options.length > 0;
  const optionId = (at: number) => `${id}-${at}`;

  function activate(next: number) {
    active.value = { query: written?.query ?? "", index: (next + options.length) % options.length };
  }

  function choose(option: Option | undefined) {
    if (!area.current || !written || option === undefined) return;
    const rest = value.slice(selectionStart);
    closedAt.value = written.start;
    const text = `${textOf(option)}${/^\s/.test(rest) ? "" : " "}`;
    area.current.setRangeText(text, written.start, selectionStart, "end");
    onChoose(option);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!isOpen || event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") activate(index + 1);
    else if (event.key === "ArrowUp") activate(index - 1);
    else if (event.key === "Enter" || event.key === "Tab") choose(options[index]);
    else if (event.key === "Escape") closedAt.value = written?.start;
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
  // Another text may begin where a closed one was.
  useEffect(() => {
    if (!written) closedAt.value = undefined;
  }, [written === undefined]);
  useEffect(() => {
    if (isOpen) announce(count(options.length, "suggestion"));
  }, [isOpen]);
  useLayoutEffect(() => {
    const field = area.current;
    if (!field || !isOpen) return;
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", id);
    field.setAttribute("aria-activedescendant", optionId(index));
    document.getElementById(optionId(index))?.scrollIntoView({ block: "nearest" });
    return () => {
      for (const name of ["aria-autocomplete", "aria-controls", "aria-activedescendant"]) field.removeAttribute(name);
    };
  }, [isOpen, index]);

  if (!isOpen) return null;
  return (
    <div class="completion-list" id={id} role="listbox" aria-label={label}>
      {options.map((option, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the text area has the focus, and its keys.
        // biome-ignore lint/a11y/useFocusableInteractive: as above.
        <div
          key={keyOf(option)}
          id={optionId(at)}
          role="option"
          aria-selected={at === index}
          // The focus stays in the text.
          onMouseDown={(event) => event.preventDefault()}
          onMouseMove={() => activate(at)}
          onClick={() => choose(option)}
        >
          {children(option)}
        </div>
      ))}
    </div>
  );
}
