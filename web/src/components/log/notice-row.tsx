// A notice as a line among the messages.
import type { Notice } from "../../../../client/src/index.ts";

export function NoticeRow({ notice: { kind, name, topic, by } }: { notice: Notice }) {
  return (
    <li class="room-notice">
      <bdi>{by.name}</bdi> {kind === "closed" && "closed the room"}
      {kind === "cleared" && "deleted all earlier messages"}
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
