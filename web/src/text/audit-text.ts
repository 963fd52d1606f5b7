// Entries of a room's audit list, in words.
import type { AuditEntry } from "../../../client/src/index.ts";
import { aboutPeople, timeText } from "./notice-text.ts";
import { rulesChangedText } from "./rules-text.ts";

const unchanged = { passwordRequired: false, uniqueNames: false };

/** What was done to messages, which no notice says: before and after the names of their authors. */
const aboutMessages = new Map<AuditEntry["kind"], [before: string, after: string]>([
  ["reportedDeleted", ["deleted a reported message of", ""]],
  ["reportDismissed", ["dismissed the reports of a message of", ""]],
  ["heldApproved", ["approved a message of", ""]],
  ["heldRejected", ["rejected a message of", ""]],
]);

/** What was done: before and after the name of whom it is about. */
export function auditWords({ kind, at, until, seconds }: AuditEntry): readonly [before: string, after: string] {
  const change = (rules: object, before: object) =>
    [rulesChangedText({ ...unchanged, ...rules }, at, before), ""] as const;
  if (kind === "locked") return change({ locked: true }, {});
  if (kind === "unlocked") return change({}, { locked: true });
  if (kind === "reviewOn") return change({ reviewed: true }, {});
  if (kind === "reviewOff") return change({}, { reviewed: true });
  if (kind === "slowModeChanged") {
    return seconds === undefined ? change({}, { slowModeSeconds: 1 }) : change({ slowModeSeconds: seconds }, {});
  }
  const [before, after] = aboutMessages.get(kind) ?? aboutPeople.get(kind) ?? ["did something to", ""];
  return [before, after + timeText(at, until)];
}
