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
