// A notice as a line among the messages.
import type { Notice } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { rulesChangedText } from "../../text/rules-text.ts";

export function NoticeRow({ notice: { seq, kind, name, topic, rules, by } }: { notice: Notice }) {
  return (
    <li class="room-notice" data-seq={seq}>
      <bdi>{by.name}</bdi> {kind === "closed" && "closed the room"}
      {kind === "cleared" && "deleted all earlier messages"}
      {kind === "rulesChanged" && rulesChangedText(rules, now.value)}
      {kind === "renamed" && (
        <>
          named the room <bdi>{name}</bdi>
          {topic && (
            <>
              , topic: <bdi>{topic}</bdi>
            </>
          )}
        </>
      )}
    </li>
  );
}
