// What the permission matrix tries on people and rooms as a moderator.

import type { Moderation, ReportedMessage } from "../../client/src/protocol.ts";

/** Each on the author or their message, in a room that the member moderates. In this order, each is possible after those before it. */
export const acts = {
  appoint: (userId: string): Moderation => ({ action: "appoint", userId }),
  dismiss: (userId: string): Moderation => ({ action: "dismiss", userId }),
  mute: (userId: string): Moderation => ({ action: "mute", userId }),
  unmute: (userId: string): Moderation => ({ action: "unmute", userId }),
  "slow mode": (): Moderation => ({ action: "slowMode", seconds: 5 }),
  lock: (): Moderation => ({ action: "lock", on: true }),
  unlock: (): Moderation => ({ action: "lock", on: false }),
  kick: (userId: string): Moderation => ({ action: "kick", userId }),
  ban: (userId: string): Moderation => ({ action: "ban", userId }),
  unban: (userId: string): Moderation => ({ action: "unban", userId }),
  "dismiss reports": (_: string, report: ReportedMessage): Moderation => ({ action: "dismissReport", report }),
  "delete what was reported": (_: string, report: ReportedMessage): Moderation => ({
    action: "deleteReported",
    report,
  }),
  "turn review off": (): Moderation => ({ action: "review", on: false }),
  "approve what does not wait": (userId: string, { epoch }: ReportedMessage): Moderation => ({
    action: "approveHeld",
    held: { epoch, userId, id: "nothing" },
  }),
  "reject what does not wait": (userId: string, { epoch }: ReportedMessage): Moderation => ({
    action: "rejectHeld",
    held: { epoch, userId, id: "nothing" },
  }),
} as const satisfies Record<string, (userId: string, message: ReportedMessage) => Moderation>;

export type Act = keyof typeof acts;
