// What notices tell, in words.
import { type AuditKind, isConversation, type Notice, type NoticeKind } from "../../../client/src/index.ts";
import { listNames } from "./count.ts";
import { type ModerationRules, rulesChangedText } from "./rules-text.ts";
import { duration } from "./time.ts";

/** Words of the page, or a text that somebody chose. */
type NoticePart = string | { readonly chosen: string };

/** The most names in a notice. */
const NAMES_SHOWN = 5;

/** What was done to people: before and after their names. A map, because the server chooses the key. */
export const aboutPeople = new Map<NoticeKind | AuditKind, [before: string, after: string]>([
  ["added", ["added", ""]],
  ["removed", ["removed", ""]],
  ["botAdded", ["added the bot", ""]],
  ["botRemoved", ["removed the bot", ""]],
  ["kicked", ["removed", " from the room"]],
  ["banned", ["banned", ""]],
  ["unbanned", ["unbanned", ""]],
  ["muted", ["muted", ""]],
  ["unmuted", ["unmuted", ""]],
  ["appointed", ["made", " a moderator"]],
  ["dismissed", ["removed", " as a moderator"]],
  ["handedOver", ["made", " the owner"]],
]);

/** Returns what follows the name of who did it. `before`: the rules until then, if they are known. */
export function noticeParts(notice: Notice, before: ModerationRules | undefined, now: number): NoticePart[] {
  const { room, kind, name, topic, rules, people = [], at, until, host } = notice;
  const known = aboutPeople.get(kind);
  if (known) {
    const names = listNames(
      people.map((person) => person.name),
      NAMES_SHOWN,
    );
    const goesTo = host === undefined ? [] : [", and what people write here from now on goes to ", { chosen: host }];
    return [`${known[0]} `, { chosen: names }, known[1] + timeText(at, until), ...goesTo];
  }
  if (kind === "memberLeft") return ["left"];
  if (kind === "cleared") return ["deleted all earlier messages"];
  if (kind === "rulesChanged") return [rulesChangedText(rules, now, before)];
  if (kind === "renamed") {
    const about = topic ? [", topic: ", { chosen: topic }] : [];
    return [`named the ${isConversation(room) ? "group" : "room"} `, { chosen: name }, ...about];
  }
  return kind === "closed" ? ["closed the room"] : ["changed something that this page does not know yet"];
}

/** For how long something was decided: " for 10 minutes", or empty. */
export function timeText(at: number, until: number | undefined): string {
  return until === undefined ? "" : ` for ${duration(Math.round((until - at) / 1000))}`;
}

/** The same as text. */
export function noticeText(notice: Notice, before: ModerationRules | undefined, now: number): string {
  return noticeParts(notice, before, now)
    .map((part) => (typeof part === "string" ? part : part.chosen))
    .join("");
}

/** Returns what moderators may change about a room as it was before a notice. `notices` are those of its log, `first` the oldest number that is here. */
export function rulesBefore(notices: readonly Notice[], { seq }: Notice, first: number): ModerationRules | undefined {
  const earlier = notices.filter((notice) => notice.seq < seq);
  const known = earlier.findLast(({ rules }) => rules !== undefined)?.rules;
  // A room begins with neither, but a cleared one goes on.
  return known ?? (first === 1 && !earlier.some(({ kind }) => kind === "cleared") ? {} : undefined);
}
