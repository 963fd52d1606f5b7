// Checks the final log: each number and each id occurs once, and each message is what its changes make of it.

import type { Change, Message } from "../../client/src/protocol.ts";
import { keyOf, type RoomHistory } from "./room-history.ts";
import type { Report } from "./violation.ts";

export function checkLog({ log, messages, changes, requests }: RoomHistory, report: Report): void {
  let last = 0;
  for (const { seq } of log) {
    if (seq === last) report("duplicated", `the log has number ${seq} twice`);
    else if (seq < last) report("reordered", `the log has number ${seq} after ${last}`);
    last = seq;
  }
  const numbers = new Map<string, number>();
  for (const { seq, id, from } of messages) {
    const key = keyOf(from.userId, id);
    const first = numbers.get(key);
    if (first !== undefined && first !== seq)
      report("duplicated", `the log has the same message at ${first} and ${seq}`);
    numbers.set(key, first ?? seq);
    if (!requests.has(key)) report("unrequested", `nobody sent message ${seq}`);
  }
  const changesOf = new Map<number, Change[]>();
  for (const change of changes) changesOf.set(change.of, [...(changesOf.get(change.of) ?? []), change]);
  for (const message of messages) checkMessage(message, changesOf.get(message.seq) ?? [], report);
}

function checkMessage(message: Message, changes: readonly Change[], report: Report): void {
  const { seq, version = seq, deletedAt, reactions = [] } = message;
  const last = changes.at(-1)?.seq ?? seq;
  if (version !== last) report("inconsistent", `message ${seq} has version ${version}, but its last change is ${last}`);
  const expected = new Set<string>();
  let deleted = false;
  for (const { seq: number, kind, emoji = "", by } of changes) {
    const reaction = `${emoji} ${by.userId}`;
    if (deleted) report("inconsistent", `message ${seq} was ${kind} at ${number}, after its deletion`);
    if (kind === "deleted") {
      deleted = true;
      expected.clear();
    } else if (kind === "reacted") {
      if (expected.has(reaction)) report("duplicated", `the reaction at ${number} to message ${seq} already existed`);
      expected.add(reaction);
    } else if (kind === "unreacted" && !expected.delete(reaction)) {
      report("duplicated", `the reaction removed at ${number} from message ${seq} did not exist`);
    }
  }
  const actual = new Set(reactions.flatMap(({ emoji, userIds }) => userIds.map((userId) => `${emoji} ${userId}`)));
  if (deleted !== (deletedAt !== undefined))
    report("inconsistent", `message ${seq} and its changes disagree about its deletion`);
  if (expected.size !== actual.size || [...expected].some((reaction) => !actual.has(reaction))) {
    report("inconsistent", `message ${seq} and its changes disagree about its reactions`);
  }
}
