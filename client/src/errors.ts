// The only error type that the client throws, for refusals by the server and for failures to reach it.

import type { ErrorCode, Restriction } from "./protocol.ts";

/**
 * The server's codes, and two of the client's own: `disconnected` (the connection was lost before an answer came) and
 * `timeout` (no answer within 10 seconds). docs/protocol.md lists the server's codes.
 */
export type ParlorErrorCode = ErrorCode | "disconnected" | "timeout";

export class ParlorError extends Error {
  override readonly name = "ParlorError";
  readonly code: ParlorErrorCode;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Time in milliseconds before which a retry cannot succeed, if the server gives one. */
  readonly retryAfterMs: number | undefined;
  /** When the ban or mute ends for which it was refused, in milliseconds since 1970. Undefined if it does not end by itself. */
  readonly until: number | undefined;
  /** What the moderator says about it. */
  readonly explanation: string | undefined;

  constructor(
    code: ParlorErrorCode,
    message: string,
    retryable: boolean,
    retryAfterMs?: number,
    { until, explanation }: Restriction = {},
  ) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.until = until;
    this.explanation = explanation;
  }
}
