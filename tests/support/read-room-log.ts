// Reads a room's whole log over HTTP, page by page. A room with a password takes a pass, a conversation a member's token, and
// a room that has banned or muted people anybody's.

import type { LogEvent, LogPage } from "../../client/src/protocol.ts";
import { eventually } from "./until.ts";

export interface Access {
  readonly pass?: string | undefined;
  readonly token?: string | undefined;
}

export async function readLog(apiUrl: string, roomId: string, { pass, token }: Access = {}): Promise<LogEvent[]> {
  const headers = {
    ...(pass !== undefined && { "parlor-pass": pass }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const path = roomId.startsWith("c-") ? "conversations" : "rooms";
  const events: LogEvent[] = [];
  let [top, newest] = [0, 1];
  // A log page ends before a number that is still open: neither an event nor void.
  const readsNextPage = async () => {
    const response = await fetch(`${apiUrl}/${path}/${roomId}/messages?after=${top}&limit=100`, { headers });
    if (!response.ok) return false;
    const page = (await response.json()) as LogPage;
    if (page.from !== top + 1) throw new Error(`The page after ${top} begins at ${page.from}.`);
    events.push(...page.events);
    [top, newest] = [page.to, page.seq];
    return top >= newest;
  };
  await eventually(`the log of ${roomId} is read`, readsNextPage);
  return events;
}
