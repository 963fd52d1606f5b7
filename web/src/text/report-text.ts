// Why messages are reported, in words.
import type { ReasonCounts, ReportReason } from "../../../client/src/index.ts";

export const reasons: readonly (readonly [reason: ReportReason, title: string, meaning: string])[] = [
  ["spam", "Spam", "Advertising, or the same again and again"],
  ["harassment", "Harassment", "It attacks or threatens somebody"],
  ["hate", "Hate", "It attacks people for what they are"],
  ["sexual", "Sexual content", "Not wanted or not allowed here"],
  ["violence", "Violence", "It shows it or calls for it"],
  ["other", "Something else", "Against the law, or against the room's rules"],
];

/** `Spam 2, Hate` */
export function reasonsText(counts: ReasonCounts): string {
  return reasons
    .flatMap(([reason, title]) => {
      const count = counts[reason] ?? 0;
      return count > 1 ? [`${title} ${count}`] : count === 1 ? [title] : [];
    })
    .join(", ");
}
