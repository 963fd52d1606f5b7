// What is said in one breath is shown as one group, each day gets a heading, and what happened to the room its line.
import type { Notice, RoomMessage } from "../../../../client/src/index.ts";
import { sameDay } from "../../text/time.ts";

export interface MessageItem {
  message: RoomMessage;
  startsDay: boolean;
  startsGroup: boolean;
  endsGroup: boolean;
}

export interface NoticeItem {
  notice: Notice;
  startsDay: boolean;
}

const GROUP_MS = 5 * 60 * 1000;

export type LogEntry = RoomMessage | Notice;

/** What is in the log, in order. */
export function logEntries(messages: readonly RoomMessage[], notices: readonly Notice[]): readonly LogEntry[] {
  return notices.length > 0 ? [...messages, ...notices].sort(byNumber) : messages;
}

/** How the entries from `start` to before `end` are shown. */
export function logItems(entries: readonly LogEntry[], start = 0, end = entries.length): (MessageItem | NoticeItem)[] {
  return entries.slice(start, end).map((entry, index) => {
    const before = entries[start + index - 1];
    const after = entries[start + index + 1];
    const startsDay = !before || !(isUnsent(entry) || sameDay(before.at, entry.at));
    if (isNotice(entry)) return { notice: entry, startsDay };
    return {
      message: entry,
      startsDay,
      startsGroup: !before || !together(before, entry),
      endsGroup: !after || !together(entry, after),
    };
  });
}

function isNotice(entry: RoomMessage | Notice): entry is Notice {
  return "kind" in entry;
}

/** What has no number yet comes last. */
function byNumber(one: RoomMessage | Notice, other: RoomMessage | Notice): number {
  return (one.seq ?? Number.MAX_SAFE_INTEGER) - (other.seq ?? Number.MAX_SAFE_INTEGER);
}

function together(one: RoomMessage | Notice, next: RoomMessage | Notice): boolean {
  return (
    !isNotice(one) &&
    !isNotice(next) &&
    one.from.userId === next.from.userId &&
    one.from.name === next.from.name &&
    (isUnsent(next) || (next.at - one.at < GROUP_MS && sameDay(one.at, next.at)))
  );
}

/** Its time is that of this machine's clock, which may be wrong: it cannot be compared with the server's. */
function isUnsent(entry: RoomMessage | Notice): boolean {
  return entry.seq === undefined;
}
