// Completes short codes: after `:` and two letters, a list above the text offers emoji. A code that is complete, such as
// `:tada:`, becomes its emoji at once.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { emojiRows, rememberEmoji, skinTone } from "../../state/emoji.ts";
import { codeBefore, type EmojiRow, searchEmoji, withTone } from "../../text/emoji-search.ts";
import { CompletionList, type Written } from "../room/completion-list.tsx";

const MOST = 8;

interface EmojiListProps {
  area: RefObject<HTMLTextAreaElement | null>;
  /** The text area has the emoji now. */
  onChoose: () => void;
}

/** Render it again whenever the text changes. */
export function EmojiList({ area, onChoose }: EmojiListProps) {
  const rows = emojiRows.loaded?.flat() ?? [];
  useEffect(() => void emojiRows.load(), []);

  const { value = "", selectionStart = 0 } = area.current ?? {};
  const written = codeBefore(value, selectionStart);
  const complete = written?.isComplete && rows.find(([, , codes]) => codes.split(" ").includes(written.query));
  useLayoutEffect(() => {
    if (!complete || !written || !area.current) return;
    const emoji = emojiOf(complete);
    area.current.setRangeText(emoji, written.start, selectionStart, "end");
    rememberEmoji(emoji);
    onChoose();
  }, [complete]);

  return (
    <CompletionList
      area={area}
      id="emoji-list"
      label="Emoji"
      find={(text, caret) => {
        const found = codeBefore(text, caret);
        return found && !found.isComplete ? found : undefined;
      }}
      optionsFor={({ query }: Written) => searchEmoji(rows, query, MOST)}
      keyOf={([emoji]) => emoji}
      textOf={emojiOf}
      onChoose={(option) => {
        rememberEmoji(emojiOf(option));
        onChoose();
      }}
    >
      {([emoji, name, codes]) => (
        <>
          <span class="completion-emoji" aria-hidden="true">
            {emoji}
          </span>
          <bdi>{name}</bdi>
          {codes && <span class="hint">:{codes.split(" ")[0]}:</span>}
        </>
      )}
    </CompletionList>
  );
}

function emojiOf([emoji, , , , hasTones]: EmojiRow): string {
  return hasTones ? withTone(emoji, skinTone.value) : emoji;
}
