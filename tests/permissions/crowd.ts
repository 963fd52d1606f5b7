// Everybody who attacks, and the author of what they attack.

import { ParlorApi } from "../../client/src/index.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import type { Guest, Stage } from "../support/stage.ts";
import { forge } from "./forge.ts";
import { once } from "./once.ts";
import { type Forger, forgers } from "./who.ts";

export interface Attacker {
  readonly guest: Guest | undefined;
  /** Their one connection, made when it is first needed; rejects each time where it was refused. */
  socket(): Promise<RawSocket>;
  /** The rooms that they are in. */
  readonly rooms: Set<string>;
}

export interface Known extends Attacker {
  readonly guest: Guest;
}

export type Crowd = Awaited<ReturnType<typeof gather>>;

export async function gather(stage: Stage) {
  const known = async (name: string): Promise<Known> => attacker(stage, await stage.guest(name));
  const [outsider, elsewhere, left, member, owner, author] = await Promise.all([
    known("Outsider"),
    known("Elsewhere"),
    known("Left"),
    known("Member"),
    known("Owner"),
    known("Author"),
  ]);
  return { guest: attacker(stage, undefined), outsider, elsewhere, left, member, owner, author };
}

/** Those who come with the owner's token, but not as the stage made it. `key` is the stage's. */
export function forging(stage: Stage, { guest: { userId, token } }: Known, key: string): Record<Forger, Attacker> {
  const tokens = forge(token, key);
  const known = forgers.map((who) => {
    const api = new ParlorApi(stage.addresses.apiUrl, async () => tokens[who]);
    return [who, attacker(stage, { userId, token: tokens[who], api })];
  });
  return Object.fromEntries(known);
}

function attacker<G extends Guest | undefined>(stage: Stage, guest: G) {
  const socket = () => stage.socket(guest && { protocols: ["parlor.v1", `token.${guest.token}`] });
  return { guest, socket: once(socket), rooms: new Set<string>() };
}
