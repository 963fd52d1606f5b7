// A message's text. Until the formatting has been downloaded, and if it cannot be, only its links are more than text.
import type { RoomMessage } from "../../../../client/src/index.ts";
import { linkify } from "../../text/links.ts";
import { lazy } from "../lazy.ts";
import { TextLink } from "./text-link.tsx";

const formatted = lazy(async () => (await import("./formatted-text.tsx")).FormattedText);

/** Call it when a room opens: the formatting then arrives before the first messages, which do not change their height. */
export function loadFormatting(): void {
  void formatted.load();
}

export function MessageText({ message }: { message: RoomMessage }) {
  const Formatted = formatted.loaded;
  if (Formatted) return <Formatted message={message} />;
  return (
    <div class="message-text">
      {linkify(message.text).map((piece) =>
        piece.href ? <TextLink href={piece.href}>{piece.text}</TextLink> : piece.text,
      )}
    </div>
  );
}
