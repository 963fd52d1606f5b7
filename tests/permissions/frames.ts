// Attacks by a frame, over the attacker's own connection.

import { randomUUID } from "node:crypto";
import type { ServerFrame } from "../../client/src/protocol.ts";
import type { AnyFrame, RawSocket } from "../support/raw-socket.ts";
import { until } from "../support/until.ts";
import { alike, discreet, refusal } from "./answers.ts";
import type { Attack } from "./attack.ts";
import { claiming } from "./claims.ts";
import type { Aim } from "./grounds.ts";
import { final, insist, isPassing } from "./insist.ts";

const reaction = ({ room, seq, epoch }: Aim) => ({ action: "react", room, seq, epoch, emoji: "🎂", on: true });

/** By the route that they are for. */
const frames: Readonly<Record<string, (aim: Aim) => AnyFrame>> = {
  default: ({ room }) => ({ action: "dance", room }),
  join: ({ room, epoch }) => ({ action: "join", room, since: epoch && { epoch, seq: 0 } }),
  leave: ({ room }) => ({ action: "leave", room }),
  send: ({ room, id }) => ({ action: "send", room, id, text: "Said" }),
  edit: ({ room, seq, epoch }) => ({ action: "edit", room, seq, epoch, text: "Edited" }),
  delete: ({ room, seq, epoch }) => ({ action: "delete", room, seq, epoch }),
  react: reaction,
  history: ({ room }) => ({ action: "history", room }),
  typing: ({ room }) => ({ action: "typing", room }),
  ping: () => ({ action: "ping" }),
};

export async function byFrame(attack: Attack): Promise<string> {
  const { route, on, aim, attacker } = attack;
  const socket = await attacker.socket().catch(refusal);
  if (typeof socket === "string") return socket;
  if (on === "the gateway's action") {
    socket.sendRaw(JSON.stringify({ action: `$${route}` }));
    return word(attack, await insist(socket, { action: "ping" }));
  }
  const frame = frames[route]?.(aim) ?? { action: route };
  if (on === "claims") {
    const answers = claiming(frame).map(async (claim) => word(attack, await insist(socket, claim)));
    return alike(await Promise.all(answers));
  }
  if (on === "another's reaction") return takeReaction(attack, socket);
  if (route === "typing") return typing(attack, socket);
  const answer = word(attack, await insist(socket, frame));
  if (answer === "joined") attacker.rooms.add(aim.room);
  return answer;
}

function word({ aim, attacker }: Attack, frame: ServerFrame): string {
  const refused = frame.type === "error";
  const told = discreet(refused ? frame.code : frame.type, JSON.stringify(frame), refused);
  if (frame.type === "pong") return `${told} ${aim.room in frame.rooms ? "with" : "without"} it`;
  const { userId } = attacker.guest ?? {};
  if (frame.type === "joined" && userId && frame.you.userId !== userId) return `${told} as somebody else`;
  if (frame.type === "ack" && aim.id && frame.seq === aim.seq) return `${told} of another's message`;
  return told;
}

async function takeReaction(attack: Attack, socket: RawSocket): Promise<string> {
  const { aim, stage, witness } = attack;
  const answer = word(attack, await insist(socket, { ...reaction(aim), on: false }));
  const { events } = await stage.api.messages(aim.room, { before: aim.seq + 1, limit: 1 });
  const stays = events.some(
    (event) =>
      event.type === "message" && event.reactions?.some(({ userIds }) => userIds.includes(witness.guest.userId)),
  );
  return stays ? `${answer}, it stays` : `${answer}, it is gone`;
}

/** Typing has no answer: either it is refused, or somebody else in the room is told. */
async function typing(attack: Attack, socket: RawSocket): Promise<string> {
  const { aim, attacker, witness } = attack;
  const others = await witness.socket();
  const isTold = () =>
    others.unread.some(
      (frame) => frame.type === "typing" && frame.room === aim.room && frame.from.userId === attacker.guest?.userId,
    );
  const type = async () => {
    const id = randomUUID();
    socket.send({ action: "typing", room: aim.room, id });
    const isRefused = () => socket.unread.some((frame) => frame.type === "error" && frame.id === id);
    await until("typing is refused or told", () => isTold() || isRefused());
    return isRefused() ? socket.next("error", (error) => error.id === id) : undefined;
  };
  const error = await final("typing", type, isPassing);
  return error ? word(attack, error) : "told";
}
