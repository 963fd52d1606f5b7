// Cells that send a frame over the actor's own connection.

import { randomUUID } from "node:crypto";
import type { ServerFrame } from "../../client/src/protocol.ts";
import type { AnyFrame, RawSocket } from "../support/raw-socket.ts";
import { until } from "../support/until.ts";
import { combine, connectionError, flagLeaks } from "./answers.ts";
import type { Cell } from "./cell.ts";
import { withExtraFields } from "./extra-fields.ts";
import type { Params } from "./fixtures.ts";
import { askWithRetry, isRetryable, retryWhile } from "./retry.ts";

const reaction = ({ room, seq, epoch }: Params) => ({ action: "react", room, seq, epoch, emoji: "🎂", on: true });

/** The frame for each route. */
export const frames: Readonly<Record<string, (params: Params) => AnyFrame>> = {
  default: ({ room }) => ({ action: "dance", room }),
  join: ({ room, epoch, pass }) => ({ action: "join", room, pass, since: epoch && { epoch, seq: 0 } }),
  leave: ({ room }) => ({ action: "leave", room }),
  send: ({ room, id }) => ({ action: "send", room, id, text: "Said" }),
  edit: ({ room, seq, epoch }) => ({ action: "edit", room, seq, epoch, text: "Edited" }),
  delete: ({ room, seq, epoch }) => ({ action: "delete", room, seq, epoch }),
  react: reaction,
  history: ({ room }) => ({ action: "history", room }),
  read: ({ room }) => ({ action: "read", room, seq: 1 }),
  typing: ({ room }) => ({ action: "typing", room }),
  ping: () => ({ action: "ping" }),
};

export async function sendFrame(cell: Cell): Promise<string> {
  const { route, target, params, actor } = cell;
  const socket = await actor.socket().catch(connectionError);
  if (typeof socket === "string") return socket;
  if (target === "the gateway's action") {
    socket.sendRaw(JSON.stringify({ action: `$${route}` }));
    return format(cell, await askWithRetry(socket, { action: "ping" }));
  }
  const frame = frames[route]?.(params) ?? { action: route };
  if (target === "extra fields") {
    const answers = withExtraFields(frame).map(async (variant) => format(cell, await askWithRetry(socket, variant)));
    return combine(await Promise.all(answers));
  }
  if (target === "another's reaction") return removeReaction(cell, socket);
  if (route === "typing") return typing(cell, socket);
  const answer = format(cell, await askWithRetry(socket, frame));
  if (answer === "joined") actor.rooms.add(params.room);
  return answer;
}

function format({ params, actor }: Cell, frame: ServerFrame): string {
  const isRefusal = frame.type === "error";
  const answer = flagLeaks(isRefusal ? frame.code : frame.type, JSON.stringify(frame), isRefusal);
  if (frame.type === "pong") return `${answer} ${params.room in frame.rooms ? "with" : "without"} it`;
  const { userId } = actor.guest ?? {};
  if (frame.type === "joined" && userId && frame.you.userId !== userId) return `${answer} as somebody else`;
  if (frame.type === "ack" && params.id && frame.seq === params.seq) return `${answer} of another's message`;
  return answer;
}

async function removeReaction(cell: Cell, socket: RawSocket): Promise<string> {
  const { params, stage, witness } = cell;
  const answer = format(cell, await askWithRetry(socket, { ...reaction(params), on: false }));
  const { events } = await stage.api.messages(params.room, { before: params.seq + 1, limit: 1 });
  const stays = events.some(
    (event) =>
      event.type === "message" && event.reactions?.some(({ userIds }) => userIds.includes(witness.guest.userId)),
  );
  return stays ? `${answer}, it stays` : `${answer}, it is gone`;
}

/** `typing` has no answer: it is either refused, or another person in the room gets a frame. */
async function typing(cell: Cell, socket: RawSocket): Promise<string> {
  const { params, actor, witness } = cell;
  const witnessSocket = await witness.socket();
  const isDelivered = () =>
    witnessSocket.unread.some(
      (frame) => frame.type === "typing" && frame.room === params.room && frame.from.userId === actor.guest?.userId,
    );
  const type = async () => {
    const id = randomUUID();
    socket.send({ action: "typing", room: params.room, id });
    const isRefused = () => socket.unread.some((frame) => frame.type === "error" && frame.id === id);
    await until("typing is refused or delivered", () => isDelivered() || isRefused());
    return isRefused() ? socket.next("error", (error) => error.id === id) : undefined;
  };
  const error = await retryWhile(isRetryable, "typing", type);
  return error ? format(cell, error) : "delivered";
}
