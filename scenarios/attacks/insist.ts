// Attackers are patient: a stage under load answers nothing that the table has.

import { randomUUID } from "node:crypto";
import type { ServerFrame } from "../../client/src/protocol.ts";
import type { AnyFrame, RawSocket } from "../raw-socket.ts";
import { until } from "../until.ts";

/** Asks again, with the same `id`, for as long as the answer is that this may help. */
export async function insist(socket: RawSocket, frame: AnyFrame): Promise<ServerFrame> {
  const named = { ...frame, id: frame.id ?? randomUUID() };
  return final(
    frame.action,
    () => socket.ask(named),
    (answer) => answer.type === "error" && answer.code === "unavailable",
  );
}

/** The first answer that is not passing. */
export async function final<Answer>(
  what: string,
  ask: () => Promise<Answer>,
  isPassing: (answer: Answer) => boolean,
): Promise<Answer> {
  let answer = await ask();
  await until(`${what} is answered`, async () => {
    if (!isPassing(answer)) return true;
    answer = await ask();
    return false;
  });
  return answer;
}
