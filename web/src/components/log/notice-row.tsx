// A notice as a line among the messages.
import { isConversation, type Notice } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { listNames } from "../../text/count.ts";
import { noticeActs } from "../../text/notice-acts.ts";
import { rulesChangedText } from "../../text/rules-text.ts";

export function NoticeRow({ notice: { room, seq, kind, name, topic, rules, by, people = [] } }: { notice: Notice }) {
  // Who has left did it themselves.
  const others = people.map((person) => person.name).filter(() => kind !== "memberLeft");
  return (
    <li class="room-notice" data-seq={seq}>
      <bdi>{by.name}</bdi> {noticeActs[kind]} <bdi>{listNames(others, 5)}</bdi>
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
