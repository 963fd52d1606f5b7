// The one error type of the client, for refusals of the server and for failures to reach it.

import type { ErrorCode } from "./protocol.ts";

/** The server's codes, and two of the client's own: the connection was lost, or no answer came in time. */
export type ParlorErrorCode = ErrorCode | "disconnected" | "timeout";

export class ParlorError extends Error {
  override readonly name = "ParlorError";
  readonly code: ParlorErrorCode;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Before this time has passed it will not, in milliseconds, where the server says so. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ParlorErrorCode, message: string, retryable: boolean, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}
