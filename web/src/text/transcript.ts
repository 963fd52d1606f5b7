// A room's log as plain text, for people to keep.
import type { LogEvent, Notice, Person } from "../../../client/src/index.ts";
import { noticeText, rulesBefore } from "./notice-text.ts";
import { personMarks } from "./person-mark.ts";

/** Swedish writes dates as ISO 8601 does, "2026-11-30 14:05:09", which sorts. The time zone is the reader's. */
const moment = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "medium" });

/** `events`: oldest first, in their latest version. `savedAt`: in milliseconds since 1970. */
export function transcript(roomName: string, events: readonly LogEvent[], savedAt: number): string {
  const authors = events.flatMap((event) => (event.type === "message" ? [event.from] : []));
  const mark = personMarks(authors);
  const nameOf = (person: Person) => [person.name, mark(person)].filter(Boolean).join(" ");
  const notices = events.filter((event) => event.type === "notice");
  const lines = events.flatMap((event) => {
    const text = textOf(event, nameOf, notices);
    return text === undefined ? [] : [`[${moment.format(event.at)}] ${text.replaceAll("\n", "\n    ")}`];
  });
  return [roomName, `Saved ${moment.format(savedAt)}`, "", ...lines, ""].join("\n");
}

/** Undefined for a change: the message that it changed shows it. */
function textOf(event: LogEvent, nameOf: (person: Person) => string, notices: readonly Notice[]): string | undefined {
  if (event.type === "change") return undefined;
  if (event.type === "notice") {
    return `* ${nameOf(event.by)} ${noticeText(event, rulesBefore(notices, event, 1), event.at)}`;
  }
  const { from, text, editedAt, deletedAt } = event;
  if (deletedAt !== undefined) return `${nameOf(from)}: (deleted)`;
  return `${nameOf(from)}: ${text}${editedAt === undefined ? "" : ` (edited ${moment.format(editedAt)})`}`;
}
