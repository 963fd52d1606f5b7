// The ways in which a history can break the protocol's guarantees.

export type ViolationName =
  /** Acknowledged or seen but not in the final log, or in the log but never seen by a reader that stayed to the end. */
  | "lost"
  /** At two numbers, or seen twice. */
  | "duplicated"
  /** Seen after something later. */
  | "reordered"
  /** Skipped without a `discontinuity`. */
  | "gap"
  /** Not the same for everyone at one number and version, or not what was requested. */
  | "inconsistent"
  /** Seen after leaving. */
  | "afterLeaving"
  /** Received by somebody who was not a member at that number, or told of a message that they may not read. */
  | "leaked"
  /** A message that a member's connection, open since before it was sent, was never told of. */
  | "unposted"
  /** At the end, one of a person's devices and the server disagree about what is newest, what is read or who is a member. */
  | "diverged"
  /** Refused without a reason. */
  | "refused"
  /** In the log or acknowledged, but never requested. */
  | "unrequested"
  /** Still missing long after all faults have ended. */
  | "stuck";

export interface Violation {
  readonly name: ViolationName;
  readonly room: string;
  /** Names the person and the number; never contains a text. */
  readonly about: string;
}

export type Report = (name: ViolationName, about: string) => void;
