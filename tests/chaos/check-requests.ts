// Checks requests: what is acknowledged is in the final log once, and every submitted request has an outcome.

import { keyOf, type RoomHistory } from "./room-history.ts";
import type { Report } from "./violation.ts";

// Users change messages that another has just deleted, and leave with changes pending.
const expectedRefusals = new Set(["messageDeleted", "tooManyReactions", "roomClosed"]);
// Users are removed from a group with messages pending, or leave it by another device: the server refuses what comes later.
const expectedOfFormerMembers = new Set(["notMember", "closed", "roomNotFound"]);

export function checkRequests(history: RoomHistory, report: Report): void {
  const { byNumber, messages, requests } = history;
  const acked = new Map<string, number>();
  for (const { by, id, seq } of history.of("acked")) {
    const key = keyOf(by, id);
    const request = requests.get(key);
    const event = byNumber.get(seq);
    if (!request) {
      report("unrequested", `number ${seq} was acknowledged without a request`);
    } else if (request.action === "send") {
      const first = acked.get(key);
      if (first !== undefined && first !== seq)
        report("duplicated", `the same message was acknowledged at ${first} and ${seq}`);
      const isInLog = event?.type === "message" && event.id === id && event.from.userId === by;
      if (!isInLog) report("lost", `message ${seq} of ${by} was acknowledged, but is not in the log`);
    } else {
      // A change without effect is acknowledged with the number of the last change, or of the message.
      const isInLog = event?.type === "change" ? event.of === request.seq : event?.seq === request.seq;
      if (!isInLog)
        report(
          "lost",
          `the ${request.action} at ${seq} of message ${request.seq} was acknowledged, but is not in the log`,
        );
    }
    acked.set(key, seq);
  }
  const completed = new Set([
    ...acked.keys(),
    ...history.of("completed").map(({ by, id }) => keyOf(by, id)),
    ...messages.map(({ from, id }) => keyOf(from.userId, id)),
  ]);
  for (const { by, id } of history.of("submitted")) {
    if (!completed.has(keyOf(by, id))) report("lost", `${by} submitted ${id}, and it has no outcome`);
  }
  for (const { by, id, refused } of history.of("completed")) {
    if (refused === undefined || expectedRefusals.has(refused)) continue;
    if (history.readership.hasLeft(by) && expectedOfFormerMembers.has(refused)) continue;
    report("refused", `${by} submitted ${id}: ${refused}`);
  }
}
