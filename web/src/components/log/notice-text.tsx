// What a notice tells, after the name of who did it.
import type { Notice } from "../../../../client/src/index.ts";
import { now } from "../../browser/environment.ts";
import { firstSeq, notices } from "../../state/joined-room.ts";
import { noticeParts, rulesBefore } from "../../text/notice-text.ts";

export function NoticeText({ notice }: { notice: Notice }) {
  const before = notice.kind === "rulesChanged" ? rulesBefore(notices.value, notice, firstSeq.value) : undefined;
  return noticeParts(notice, before, now.value).map((part) =>
    typeof part === "string" ? part : <bdi key={part.chosen}>{part.chosen}</bdi>,
  );
}
