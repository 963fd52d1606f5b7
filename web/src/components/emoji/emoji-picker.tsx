// Chooses an emoji: by searching, or in groups, with the recently used ones first.
import { useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { hasFinePointer } from "../../browser/environment.ts";
import { setTabStop } from "../../browser/roving-focus.ts";
import { emojiRows, recentEmoji, rememberEmoji, setSkinTone, skinTone } from "../../state/emoji.ts";
import { type EmojiRow, GROUPS, searchEmoji, TONES, withTone } from "../../text/emoji-search.ts";
import { Dialog } from "../dialog.tsx";
import { nextInGrid } from "./grid-keys.ts";

const TONE_NAMES = ["No skin tone", "Light", "Medium-light", "Medium", "Medium-dark", "Dark"];
/** The most results that are shown. */
const MOST = 120;

interface EmojiPickerProps {
  title: string;
  onPick: (emoji: string) => void;
  onClose: () => void;
}

export function EmojiPicker({ title, onPick, onClose }: EmojiPickerProps) {
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const query = useSignal("");
  const hasFailed = useSignal(false);
  useEffect(() => {
    void emojiRows.load().then((arrived) => {
      hasFailed.value = !arrived;
    });
    // On a phone, the keyboard would cover the emoji.
    if (hasFinePointer) field.current?.focus();
  }, []);

  const groups = emojiRows.loaded;
  const tone = skinTone.value;
  const isSearching = query.value.trim() !== "";

  function pick(emoji: string) {
    list.current?.closest("dialog")?.close();
    rememberEmoji(emoji);
    onPick(emoji);
  }

  // The same elements each time, so that typing does not render two thousand buttons again.
  const all = useMemo(() => {
    const byEmoji = new Map(groups?.flat().map((row) => [row[0], row]));
    const recent = recentEmoji.peek().map((emoji): EmojiRow => byEmoji.get(emoji) ?? [emoji, emoji, "", "", 0]);
    return (
      <>
        {recent.length > 0 && <Group title="Recently used" rows={recent} tone="" onPick={pick} />}
        {groups?.map((rows, at) => (
          <Group key={GROUPS[at]} title={GROUPS[at] ?? ""} rows={rows} tone={tone} onPick={pick} />
        ))}
      </>
    );
  }, [groups, tone]);
  const found = isSearching ? searchEmoji(groups?.flat() ?? [], query.value, MOST) : [];

  useLayoutEffect(() => {
    const buttons = buttonsIn(list.current);
    if (buttons[0]) setTabStop(buttons, buttons[0]);
  }, [groups, tone, query.value]);

  function onListKeyDown(event: TargetedKeyboardEvent<HTMLDivElement>) {
    const buttons = buttonsIn(list.current);
    const next = nextInGrid(buttons, document.activeElement, event.key);
    if (!next) return;
    event.preventDefault();
    setTabStop(buttons, next);
    next.focus();
  }

  function onFieldKeyDown(event: TargetedKeyboardEvent<HTMLInputElement>) {
    const [first] = buttonsIn(list.current);
    if (event.key === "ArrowDown") first?.focus();
    else if (event.key === "Enter" && isSearching) first?.click();
    else return;
    event.preventDefault();
  }

  return (
    <Dialog title={title} class="dialog emoji-picker" isSheet={!hasFinePointer} onClose={onClose}>
      <div class="emoji-search">
        <input
          ref={field}
          class="search-field"
          type="search"
          aria-label="Search emoji"
          placeholder="Search"
          autoComplete="off"
          spellcheck={false}
          value={query.value}
          onInput={({ currentTarget }) => {
            query.value = currentTarget.value;
          }}
          onKeyDown={onFieldKeyDown}
        />
        <select
          aria-label="Skin tone"
          title="Skin tone"
          value={tone}
          onChange={({ currentTarget }) => setSkinTone(currentTarget.value)}
        >
          {TONES.map((each, at) => (
            <option key={each} value={each} aria-label={TONE_NAMES[at]}>
              {withTone("✋", each)}
            </option>
          ))}
        </select>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms. */}
      <div ref={list} class="emoji-groups" role="group" aria-label="Emoji" onKeyDown={onListKeyDown}>
        {!isSearching && all}
        {found.length > 0 && <Group title="Found" rows={found} tone={tone} onPick={pick} />}
        {isSearching && groups && found.length === 0 && <p class="hint">No emoji is called that.</p>}
        {!groups && <p class="hint">{hasFailed.value ? "Couldn't load the emoji. Reload the page." : "Loading…"}</p>}
      </div>
    </Dialog>
  );
}

interface GroupProps {
  title: string;
  rows: readonly EmojiRow[];
  tone: string;
  onPick: (emoji: string) => void;
}

function Group({ title, rows, tone, onPick }: GroupProps) {
  const id = useId();
  return (
    <section class="emoji-group" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <div class="emoji-grid">
        {rows.map(([emoji, name, , , hasTones]) => {
          const shown = hasTones ? withTone(emoji, tone) : emoji;
          return (
            <button
              key={emoji}
              type="button"
              tabIndex={-1}
              title={name}
              aria-label={name}
              onClick={() => onPick(shown)}
            >
              {shown}
            </button>
          );
        })}
      </div>
    </section>
  );
}

function buttonsIn(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll("button") ?? [])];
}
