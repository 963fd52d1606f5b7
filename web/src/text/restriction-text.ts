// Bans and mutes, in words.
import { momentTime } from "./time.ts";

/** "until 14:30", or "for good". */
export function untilText({ until }: { until?: number | undefined }, now: number): string {
  return until === undefined ? "for good" : `until ${momentTime(until, now)}`;
}

/** What a ban means for the person concerned. */
export function banText(ban: { until?: number | undefined }, now: number): string {
  return ban.until === undefined
    ? "You can no longer read or write here."
    : `You cannot read or write here ${untilText(ban, now)}.`;
}
