// Checks that an acknowledged message of a conversation was posted to every connection of its members. A client also learns
// of what was not posted, by number, so the other checks would not notice.

import { keyOf, type RoomHistory } from "./room-history.ts";
import type { Report } from "./violation.ts";

/** What was posted before the acknowledgement has come by then, if the connection still works. */
const LATE_MS = 3_000;

export function checkPosts(history: RoomHistory, report: Report): void {
  const { readership, requests } = history;
  const posted = new Map<string, Set<number>>();
  for (const { connection, seqs } of history.of("posted")) {
    const numbers = posted.get(connection) ?? new Set();
    for (const seq of seqs) numbers.add(seq);
    posted.set(connection, numbers);
  }
  const requestedAt = new Map(history.of("requested").map(({ by, id, at }) => [keyOf(by, id), at]));
  const acked = new Map(history.of("acked").map((ack) => [ack.seq, ack]));
  for (const { by, id, seq, at = 0 } of acked.values()) {
    const begun = requestedAt.get(keyOf(by, id)) ?? 0;
    // Changes without effect are acknowledged too, and not posted.
    if (requests.get(keyOf(by, id))?.action !== "send") continue;
    for (const { by: userId, connection, from, to } of history.of("connected")) {
      const wasOpen = from < begun && to > at + LATE_MS;
      if (wasOpen && readership.isMemberAt(userId, seq, at) && !posted.get(connection)?.has(seq))
        report("unposted", `${connection} was not told of message ${seq}`);
    }
  }
}
