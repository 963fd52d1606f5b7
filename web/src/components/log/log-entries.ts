// Orders and groups the log's entries: consecutive messages of one person form a group, each day gets a divider, and
// each notice gets a line of its own.
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

/** The longest time between two messages of a group. */
const GROUP_MS = 5 * 60 * 1000;

export type LogEntry = RoomMessage | Notice;

/** Merges messages and notices by number. Unsent messages, which have none, come last. */
export function logEntries(messages: readonly RoomMessage[], notices: readonly Notice[]): readonly LogEntry[] {
  return notices.length > 0 ? [...messages, ...notices].sort(bySeq) : messages;
}

/**
 * Returns the entries from `start` up to and excluding `end`, with where groups and days start. The message with the number
 * `dividerSeq` starts a group.
 */
export function logItems(
  entries: readonly LogEntry[],
  start = 0,
  end = entries.length,
  dividerSeq?: number,
): (MessageItem | NoticeItem)[] {
  const continues = (one: LogEntry, next: LogEntry) =>
    areGrouped(one, next) && (dividerSeq === undefined || next.seq !== dividerSeq);
  return entries.slice(start, end).map((entry, index) => {
    const before = entries[start + index - 1];
    const after = entries[start + index + 1];
    const startsDay = !before || !(isUnsent(entry) || sameDay(before.at, entry.at));
    if (isNotice(entry)) return { notice: entry, startsDay };
    return {
      message: entry,
      startsDay,
      startsGroup: !before || !continues(before, entry),
      endsGroup: !after || !continues(entry, after),
    };
  });
}

function isNotice(entry: LogEntry): entry is Notice {
  return "kind" in entry;
}

function bySeq(one: LogEntry, other: LogEntry): number {
  return (one.seq ?? Number.MAX_SAFE_INTEGER) - (other.seq ?? Number.MAX_SAFE_INTEGER);
}

function areGrouped(one: LogEntry, next: LogEntry): boolean {
  return (
    !isNotice(one) &&
    !isNotice(next) &&
    one.from.userId === next.from.userId &&
    one.from.name === next.from.name &&
    (isUnsent(next) || (next.at - one.at < GROUP_MS && sameDay(one.at, next.at)))
  );
}

/** An unsent message has this machine's time, which may be wrong and cannot be compared with the server's. */
function isUnsent(entry: LogEntry): boolean {
  return entry.seq === undefined;
}
