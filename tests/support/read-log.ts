// A room's log as the HTTP API tells it, read page by page from the first number to the newest.

import type { LogEvent, LogPage } from "../../client/src/protocol.ts";
import { GIVEN_UP_MS, until } from "./until.ts";

export async function readLog(apiUrl: string, roomId: string): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  let [top, newest] = [0, 1];
  // A page ends before a number that is neither an event nor void yet.
  const canBeRead = async () => {
    const response = await fetch(`${apiUrl}/rooms/${roomId}/messages?after=${top}&limit=100`);
    if (!response.ok) return false;
    const page = (await response.json()) as LogPage;
    if (page.from !== top + 1) throw new Error(`The page after ${top} begins at ${page.from}.`);
    events.push(...page.events);
    [top, newest] = [page.to, page.seq];
    return top >= newest;
  };
  await until(`the log of ${roomId} can be read`, canBeRead, GIVEN_UP_MS);
  return events;
}
