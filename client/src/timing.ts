// Every duration that the client waits, in milliseconds. Tests override them; applications cannot.

import { limits } from "./protocol.ts";

export interface Timing {
  /** Longest wait for an answer, a pong or an opening socket. */
  readonly answerMs: number;
  /** Longest silence of a connection that is being checked. */
  readonly checkMs: number;
  /** Time between two pings, unless the application sets it. Must be shorter than the lease. */
  readonly heartbeatMs: number;
  /**
   * Shortest wait for a gap in the log to close by itself before the client asks for history; the longest is twice that.
   * Doubles up to `gapCapMs` while asking does not help.
   */
  readonly gapMs: number;
  readonly gapCapMs: number;
  /** Upper bound of the first retry delay. Doubles with each failure, up to `backoffCapMs`. */
  readonly backoffMs: number;
  readonly backoffCapMs: number;
  /** How long a connection must last before the next reconnect starts again with the first delay. */
  readonly stableMs: number;
  /** Average time between two joins of rooms in the background, after a reconnect. */
  readonly staggerMs: number;
  /** Shortest time between two checks of the connection, for each joined room: a ping counts once for each. */
  readonly checkPerRoomMs: number;
  /** Earliest and latest age at which a socket is replaced. API Gateway ends it after two hours. */
  readonly changeoverMs: readonly [number, number];
  /** How long after its first attempt a request may be repeated. Shorter than the server remembers its id. */
  readonly repeatMs: number;
  /** How long a `typing` frame shows somebody as typing. */
  readonly typingShownMs: number;
  /** Shortest time between two `typing` frames that this client sends to a room. */
  readonly typingSentMs: number;
  /** Shortest time between two `read` frames. */
  readonly readMs: number;
  /** Longest time between two looks at the server's clock while a room's end is awaited. */
  readonly countdownMs: number;
  /** Longest wait for an HTTP answer. API Gateway ends a request after 30 seconds. */
  readonly requestMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const timing: Timing = {
  answerMs: 10 * SECOND,
  checkMs: 3 * SECOND,
  heartbeatMs: 2 * MINUTE,
  gapMs: 0.5 * SECOND,
  gapCapMs: 4 * SECOND,
  backoffMs: 0.25 * SECOND,
  backoffCapMs: 30 * SECOND,
  stableMs: 5 * SECOND,
  staggerMs: 0.25 * SECOND,
  checkPerRoomMs: 0.1 * SECOND,
  changeoverMs: [90 * MINUTE, 118 * MINUTE],
  repeatMs: limits.idempotencyMs - HOUR,
  typingShownMs: 5 * SECOND,
  typingSentMs: 3 * SECOND,
  readMs: SECOND,
  countdownMs: MINUTE,
  requestMs: 30 * SECOND,
};
