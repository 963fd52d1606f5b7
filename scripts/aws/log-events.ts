// Reads CloudWatch Logs: several groups, page by page, in the order of time.
import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { Failure } from "../../local/failure.ts";

export interface LogLine {
  /** What wrote it: a route or `operators`. */
  readonly source: string;
  readonly at: number;
  readonly text: string;
  /** The same for the same line in every answer. */
  readonly id: string;
}

/** More lines than this are for a query of Logs Insights. */
const MOST_LINES = 20_000;
/** CloudWatch takes few requests a second; the SDK repeats those that it refuses. */
const GROUPS_AT_ONCE = 5;

/**
 * Returns the lines since a time, oldest first.
 *
 * Throws a `Failure` if there are more than 20,000.
 */
export async function readLines(
  client: CloudWatchLogsClient,
  groups: ReadonlyMap<string, string>,
  since: number,
): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  const waiting = [...groups];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [source, logGroupName] = next;
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName, startTime: since })) {
        lines.push(...events.map((event) => lineOf(source, event)));
        if (lines.length > MOST_LINES) throw tooMany();
      }
    }
  };
  await Promise.all(Array.from({ length: GROUPS_AT_ONCE }, work));
  return lines.sort((a, b) => a.at - b.at);
}

const tooMany = () =>
  new Failure(
    `There are more than ${MOST_LINES.toLocaleString("en-US")} lines: choose a shorter --since or one --route, or ask Logs Insights (docs/operating.md).`,
  );

function lineOf(source: string, { eventId, logStreamName, timestamp = 0, message = "" }: FilteredLogEvent): LogLine {
  const text = message.trimEnd();
  return { source, at: timestamp, text, id: eventId ?? `${logStreamName} ${timestamp} ${text}` };
}

/** Returns a function that passes on only lines that it has not seen before. It forgets those from before `since`. */
export function unseen() {
  const seen = new Map<string, number>();
  return (lines: readonly LogLine[], since: number): LogLine[] => {
    for (const [id, at] of seen) if (at < since) seen.delete(id);
    const fresh = lines.filter(({ id }) => !seen.has(id));
    for (const { id, at } of fresh) seen.set(id, at);
    return fresh;
  };
}

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses `90s`, `15m`, `1h` or `2d` to milliseconds. */
export function durationFrom(text: string): number {
  const [, count, unit = ""] = /^(\d{1,4})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (units[unit] ?? Number.NaN);
  if (milliseconds > 0) return milliseconds;
  throw new Failure(`\`--since ${text}\` is not a time: write 90s, 15m, 1h or 2d.`);
}
