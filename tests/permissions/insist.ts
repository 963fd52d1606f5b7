// Attackers are patient: a stage under load answers nothing that the table has.

import { randomUUID } from "node:crypto";
import type { ServerFrame } from "../../client/src/protocol.ts";
import type { AnyFrame, RawSocket } from "../support/raw-socket.ts";
import { until } from "../support/until.ts";

/** Asks again, with the same `id`, for as long as the answer is that this may help. */
export async function insist(socket: RawSocket, frame: AnyFrame): Promise<ServerFrame> {
  const named = { ...frame, id: frame.id ?? randomUUID() };
  const ask = async () => {
    const answer = await socket.ask(named);
    if (answer.type === "error") await new Promise((resolve) => setTimeout(resolve, answer.retryAfterMs));
    return answer;
  };
  return final(frame.action, ask, isPassing);
}

/** Whether the same frame may be answered otherwise over the same connection. */
export const isPassing = (answer: ServerFrame | undefined): boolean =>
  answer?.type === "error" && answer.retryable && answer.code !== "connectionExpired";

/** The first answer that does not pass. */
export async function final<Answer>(
  what: string,
  ask: () => Promise<Answer>,
  passes: (answer: Answer) => boolean,
): Promise<Answer> {
  let answer = await ask();
  await until(`${what} is answered`, async () => {
    if (!passes(answer)) return true;
    answer = await ask();
    return false;
  });
  return answer;
}
