// What was asked for: what is acknowledged is in the final log, once; nothing said is forgotten.

import { keyOf, type RoomHistory } from "./room-history.ts";
import type { Report } from "./violation.ts";

// People change what somebody else has just deleted, and leave while a change is on its way.
const mayBe = new Set(["messageDeleted", "tooManyReactions", "roomClosed"]);

export function checkRequests(history: RoomHistory, report: Report): void {
  const { byNumber, messages, requests } = history;
  const acked = new Map<string, number>();
  for (const { by, id, seq } of history.of("acked")) {
    const key = keyOf(by, id);
    const request = requests.get(key);
    const event = byNumber.get(seq);
    if (!request) {
      report("invented", `number ${seq} was acknowledged for what was not asked`);
    } else if (request.action === "send") {
      const first = acked.get(key);
      if (first !== undefined && first !== seq)
        report("doubled", `one message was acknowledged at ${first} and ${seq}`);
      const isThere = event?.type === "message" && event.id === id && event.from.userId === by;
      if (!isThere) report("lost", `message ${seq} of ${by} was acknowledged`);
    } else {
      // Where nothing had to change, the number is that of the last change, or of the message.
      const isThere = event?.type === "change" ? event.of === request.seq : event?.seq === request.seq;
      if (!isThere) report("lost", `the ${request.action} at ${seq} of message ${request.seq} was acknowledged`);
    }
    acked.set(key, seq);
  }
  const settled = new Set([
    ...acked.keys(),
    ...history.of("settled").map(({ by, id }) => keyOf(by, id)),
    ...messages.map(({ from, id }) => keyOf(from.userId, id)),
  ]);
  for (const { by, id } of history.of("said")) {
    if (!settled.has(keyOf(by, id))) report("lost", `${by} said ${id}, and never learned what became of it`);
  }
  for (const { by, id, refused } of history.of("settled")) {
    if (refused !== undefined && !mayBe.has(refused)) report("refused", `${by} said ${id}: ${refused}`);
  }
}
