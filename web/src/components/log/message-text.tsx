// A message's text. Until the formatting has been downloaded, and if it cannot be, only its links are more than text.
import { linkify } from "../../text/links.ts";
import { lazy } from "../lazy.ts";
import { TextLink } from "./text-link.tsx";

const formatted = lazy(async () => (await import("./formatted-text.tsx")).FormattedText);

/** Call it when a room opens: the formatting then arrives before the first messages, which do not change their height. */
export function loadFormatting(): void {
  void formatted.load();
}

export function MessageText({ text }: { text: string }) {
  const Formatted = formatted.component;
  if (Formatted) return <Formatted text={text} />;
  return (
    <div class="message-text">
      {linkify(text).map((piece) => (piece.href ? <TextLink href={piece.href}>{piece.text}</TextLink> : piece.text))}
    </div>
  );
}
