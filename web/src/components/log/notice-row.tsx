// A notice as a line among the messages.
import { isConversation, type Notice } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { listNames } from "../../text/count.ts";
import { noticeActs } from "../../text/notice-acts.ts";
import { rulesChangedText } from "../../text/rules-text.ts";

export function NoticeRow({ notice: { room, seq, kind, name, topic, rules, by, people = [] } }: { notice: Notice }) {
  return (
    <li class="room-notice" data-seq={seq}>
      <bdi>{by.name}</bdi> {kind === "closed" && "closed the room"}
      {noticeActs[kind] && (
        <>
          {noticeActs[kind]}{" "}
          <bdi>
            {listNames(
              people.map((person) => person.name),
              5,
            )}
          </bdi>
        </>
      )}
      {kind === "memberLeft" && "left"}
      {kind === "cleared" && "deleted all earlier messages"}
      {kind === "rulesChanged" && rulesChangedText(rules, now.value)}
      {kind === "renamed" && (
        <>
          named the {isConversation(room) ? "group" : "room"} <bdi>{name}</bdi>
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
