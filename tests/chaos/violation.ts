// What must not happen, by its name.

export type ViolationName =
  /** Acknowledged or seen but not in the final log, or in the log but never seen by a reader who was there to the end. */
  | "lost"
  /** At two numbers, or seen twice. */
  | "doubled"
  /** Seen after something later. */
  | "reordered"
  /** Skipped without telling the reader. */
  | "gap"
  /** Not the same for everyone at one number and version, or not what was asked for. */
  | "changed"
  /** Seen after leaving. */
  | "afterLeaving"
  /** Though nothing was wrong with it. */
  | "refused"
  /** In the log though nobody asked for it. */
  | "invented"
  /** Not there though nothing went wrong any more and there was time. */
  | "stuck";

export interface Violation {
  readonly name: ViolationName;
  readonly room: string;
  /** Who, and which number; never a text. */
  readonly about: string;
}

export type Report = (name: ViolationName, about: string) => void;
