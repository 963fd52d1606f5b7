// Every duration that the client waits, in milliseconds. Tests shorten them; applications cannot.

export interface Timing {
  /** How long an answer, a pong or an opening connection may take. */
  readonly answerMs: number;
  /** How long a connection that is being checked may be silent. */
  readonly checkMs: number;
  /** How long a gap in the numbers is given to close by itself, at least; at most twice as long. Doubles to the cap while asking does not help. */
  readonly gapMs: number;
  readonly gapCapMs: number;
  /** The ceiling of the first retry; doubles to the cap. */
  readonly backoffMs: number;
  readonly backoffCapMs: number;
  /** How long a connection must last for the next retry to be a first one again. */
  readonly stableMs: number;
  /** The age at which a socket is replaced, at random between the two; API Gateway ends it after two hours. */
  readonly changeoverMs: readonly [number, number];
}

export const timing: Timing = {
  answerMs: 10_000,
  checkMs: 3_000,
  gapMs: 500,
  gapCapMs: 4_000,
  backoffMs: 250,
  backoffCapMs: 30_000,
  stableMs: 5_000,
  changeoverMs: [90 * 60_000, 118 * 60_000],
};
