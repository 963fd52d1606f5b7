// A message's text with its formatting, as elements. A chunk of its own, because of the parser.
import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { RoomMessage } from "../../../../client/src/index.ts";
import { mentionedBy } from "../../state/names.ts";
import { isFewEmoji } from "../../text/few-emoji.ts";
import { type Block, type Inline, parseMarkdown } from "../../text/markdown.ts";
import { Collapsible } from "./collapsible.tsx";
import { TextLink } from "./text-link.tsx";

/** A text below this length, without as many line breaks, has at most 20 lines on any screen. */
const MAX_SHORT = 300;
const LINES = 20;

export function FormattedText({ message }: { message: RoomMessage }) {
  const { text } = message;
  // As one string, so that it renders again only if a name is another one. Names have no line breaks.
  const names = useMemo(() => computed(() => namesIn(message).join("\n")), [message]).value;
  const content = useMemo(
    () => parseMarkdown(text, names === "" ? [] : names.split("\n")).map(renderBlock),
    [text, names],
  );
  if (text.length > MAX_SHORT || text.split("\n", LINES + 1).length > LINES)
    return <Collapsible>{content}</Collapsible>;
  return <div class={isFewEmoji(text) ? "message-text few-emoji" : "message-text"}>{content}</div>;
}

function namesIn(message: RoomMessage): string[] {
  return mentionedBy(message).flatMap(({ name }) => name || []);
}

function renderBlock(block: Block): ComponentChildren {
  switch (block.kind) {
    case "text":
      return block.children.map(renderInline);
    case "code":
      return (
        <pre dir="ltr">
          <code>{block.text}</code>
        </pre>
      );
    case "quote":
      return <blockquote>{block.children.map(renderBlock)}</blockquote>;
    case "list": {
      const items = block.items.map((item) => <li>{item.map(renderBlock)}</li>);
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
  }
}

function renderInline(part: Inline): ComponentChildren {
  switch (part.kind) {
    case "text":
      return part.text;
    case "link":
      return <TextLink href={part.href}>{part.text}</TextLink>;
    case "mention":
      return <span class="mention">{part.text}</span>;
    case "code":
      return <code>{part.text}</code>;
    case "strong":
      return <strong>{part.children.map(renderInline)}</strong>;
    case "em":
      return <em>{part.children.map(renderInline)}</em>;
    case "del":
      return <del>{part.children.map(renderInline)}</del>;
  }
}
