// Repeats requests that a loaded or rate-limited stage refuses for the moment.

import { randomUUID } from "node:crypto";
import type { ServerFrame } from "../../client/src/protocol.ts";
import type { AnyFrame, RawSocket } from "../support/raw-socket.ts";
import { until } from "../support/until.ts";

/** Sends the same frame with the same `id` until the answer is not a retryable error. */
export async function askWithRetry(socket: RawSocket, frame: AnyFrame): Promise<ServerFrame> {
  const withId = { ...frame, id: frame.id ?? randomUUID() };
  const ask = async () => {
    const answer = await socket.request(withId);
    if (answer.type === "error") await new Promise((resolve) => setTimeout(resolve, answer.retryAfterMs));
    return answer;
  };
  return retryWhile(isRetryable, frame.action, ask);
}

/** Whether sending the same frame again over the same connection can lead to another answer. */
export const isRetryable = (answer: ServerFrame | undefined): boolean =>
  answer?.type === "error" && answer.retryable && answer.code !== "connectionExpired";

/** Returns the first answer that is not to be retried. */
export async function retryWhile<Answer>(
  shouldRetry: (answer: Answer) => boolean,
  what: string,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  let answer = await ask();
  await until(`${what} is answered`, async () => {
    if (!shouldRetry(answer)) return true;
    answer = await ask();
    return false;
  });
  return answer;
}
