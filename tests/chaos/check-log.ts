// The final log by itself: each number and each id once, and each message as its changes make it.

import type { Change, Message } from "../../client/src/protocol.ts";
import { keyOf, type RoomHistory } from "./room-history.ts";
import type { Report } from "./violation.ts";

export function checkLog({ log, messages, changes, requests }: RoomHistory, report: Report): void {
  let last = 0;
  for (const { seq } of log) {
    if (seq === last) report("doubled", `the log has number ${seq} twice`);
    else if (seq < last) report("reordered", `the log has number ${seq} after ${last}`);
    last = seq;
  }
  const numbers = new Map<string, number>();
  for (const { seq, id, from } of messages) {
    const key = keyOf(from.userId, id);
    const first = numbers.get(key);
    if (first !== undefined && first !== seq) report("doubled", `the log has one message at ${first} and at ${seq}`);
    numbers.set(key, first ?? seq);
    if (!requests.has(key)) report("invented", `nobody sent message ${seq}`);
  }
  const changesOf = new Map<number, Change[]>();
  for (const change of changes) changesOf.set(change.of, [...(changesOf.get(change.of) ?? []), change]);
  for (const message of messages) checkMessage(message, changesOf.get(message.seq) ?? [], report);
}

function checkMessage(message: Message, changes: readonly Change[], report: Report): void {
  const { seq, version = seq, deletedAt, reactions = [] } = message;
  const last = changes.at(-1)?.seq ?? seq;
  if (version !== last) report("changed", `message ${seq} has version ${version}, its last change is ${last}`);
  const expected = new Set<string>();
  let deleted = false;
  for (const { seq: number, kind, emoji = "", by } of changes) {
    const reaction = `${emoji} ${by.userId}`;
    if (deleted) report("changed", `message ${seq} was ${kind} at ${number}, after its end`);
    if (kind === "deleted") {
      deleted = true;
      expected.clear();
    } else if (kind === "reacted") {
      if (expected.has(reaction)) report("doubled", `the reaction at ${number} to message ${seq} was there already`);
      expected.add(reaction);
    } else if (kind === "unreacted" && !expected.delete(reaction)) {
      report("doubled", `the reaction taken away at ${number} from message ${seq} was not there`);
    }
  }
  const actual = new Set(reactions.flatMap(({ emoji, userIds }) => userIds.map((userId) => `${emoji} ${userId}`)));
  if (deleted !== (deletedAt !== undefined)) report("changed", `message ${seq} is not deleted as its changes say`);
  if (expected.size !== actual.size || [...expected].some((reaction) => !actual.has(reaction))) {
    report("changed", `message ${seq} has other reactions than its changes say`);
  }
}
