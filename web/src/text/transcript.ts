// A room's log as plain text, for people to keep.
import type { LogEvent, Person } from "../../../client/src/index.ts";
import { noticeActs } from "./notice-acts.ts";
import { personMarks } from "./person-mark.ts";
import { rulesChangedText } from "./rules-text.ts";

/** Swedish writes dates as ISO 8601 does, "2026-11-30 14:05:09", which sorts. The time zone is the reader's. */
const moment = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "medium" });

/** `events`: oldest first, in their latest version. `savedAt`: in milliseconds since 1970. */
export function transcript(roomName: string, events: readonly LogEvent[], savedAt: number): string {
  const authors = events.flatMap((event) => (event.type === "message" ? [event.from] : []));
  const mark = personMarks(authors);
  const nameOf = (person: Person) => [person.name, mark(person)].filter(Boolean).join(" ");
  const lines = events.flatMap((event) => {
    const text = textOf(event, nameOf);
    return text === undefined ? [] : [`[${moment.format(event.at)}] ${text.replaceAll("\n", "\n    ")}`];
  });
  return [roomName, `Saved ${moment.format(savedAt)}`, "", ...lines, ""].join("\n");
}

/** Undefined for a change: the message that it changed shows it. */
function textOf(event: LogEvent, nameOf: (person: Person) => string): string | undefined {
  if (event.type === "change") return undefined;
  if (event.type === "notice") {
    const { kind, by, name, topic, rules, people = [], at } = event;
    if (kind === "rulesChanged") return `* ${nameOf(by)} ${rulesChangedText(rules, at)}`;
    if (kind === "renamed") return `* ${nameOf(by)} named the room ${name}${topic ? `, topic: ${topic}` : ""}`;
    const others = kind === "memberLeft" ? [] : people;
    return ["*", nameOf(by), noticeActs[kind], others.map(nameOf).join(", ")].filter(Boolean).join(" ");
  }
  const { from, text, editedAt, deletedAt } = event;
  if (deletedAt !== undefined) return `${nameOf(from)}: (deleted)`;
  return `${nameOf(from)}: ${text}${editedAt === undefined ? "" : ` (edited ${moment.format(editedAt)})`}`;
}
