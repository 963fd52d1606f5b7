// The actors' identities and connections, and the author of the messages that they act on.

import { ParlorApi } from "../../client/src/index.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import type { Guest, Stage } from "../support/stage.ts";
import { type Forger, forgers } from "./actor-names.ts";
import { forgeTokens } from "./forged-tokens.ts";
import { lazy } from "./lazy.ts";

export interface Actor {
  readonly guest: Guest | undefined;
  /** The actor's only connection, opened on first use. Once refused, it rejects every time. */
  socket(): Promise<RawSocket>;
  /** The rooms that the actor is in. */
  readonly rooms: Set<string>;
}

export interface GuestActor extends Actor {
  readonly guest: Guest;
}

export type Actors = Awaited<ReturnType<typeof createActors>>;

export async function createActors(stage: Stage) {
  const withToken = async (name: string): Promise<GuestActor> => createActor(stage, await stage.guest(name));
  const [outsider, elsewhere, left, member, owner, author] = await Promise.all([
    withToken("Outsider"),
    withToken("Elsewhere"),
    withToken("Left"),
    withToken("Member"),
    withToken("Owner"),
    withToken("Author"),
  ]);
  return { guest: createActor(stage, undefined), outsider, elsewhere, left, member, owner, author };
}

/** Actors with altered copies of the owner's token. `key` is the stage's key for tokens. */
export function createForgers(
  stage: Stage,
  { guest: { userId, token } }: GuestActor,
  key: string,
): Record<Forger, Actor> {
  const tokens = forgeTokens(token, key);
  const entries = forgers.map((name) => {
    const api = new ParlorApi(stage.addresses.apiUrl, async () => tokens[name]);
    return [name, createActor(stage, { userId, token: tokens[name], api })];
  });
  return Object.fromEntries(entries);
}

function createActor<G extends Guest | undefined>(stage: Stage, guest: G) {
  const socket = () => stage.socket(guest && { protocols: ["parlor.v1", `token.${guest.token}`] });
  return { guest, socket: lazy(socket), rooms: new Set<string>() };
}
