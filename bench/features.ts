// Measures what a room's features cost its messages: from the frame to its acknowledgement, with equally many people in each
// room. The rooms take turns, so that other load on the machine affects them equally. An unmeasured ping before each message
// lets the invocations of the last one end.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { Addresses } from "../local/outputs.ts";
import { httpRequest } from "../tests/support/http.ts";
import type { RawSocket } from "../tests/support/raw-socket.ts";
import { type Guest, Stage, withRetries } from "../tests/support/stage.ts";
import { type Summary, summarize } from "./summary.ts";

const WARM_UP = 10;
/** Enough for everyone to wait longer than slow mode asks between two messages. */
const WRITERS = 5;
/** In each room: the writers and a reader. */
export const PEOPLE = WRITERS + 1;
const SLOW_SECONDS = 1;
/** Between two turns: one person may send five messages a second in a room. */
const PAUSE_MS = 200;
const TEXT = "How long does this take?";

/** Sends one message. */
type Send = () => Promise<unknown>;

/** Returns the milliseconds with each feature, first without any. A stage without bots or reviewers has no figure for those. */
export async function measureFeatures(addresses: Addresses, messages: number): Promise<Map<string, Summary>> {
  const stage = new Stage(addresses);
  const program = createServer((request, response) => request.resume().on("end", () => response.end()));
  program.listen(0, "127.0.0.1");
  try {
    await once(program, "listening");
    const owner = await stage.guest("Owner");
    const features = new Map<string, Send>([
      ["none", await plain(stage, owner)],
      ["somebody was muted before", await moderated(stage, owner)],
      [`slow mode, ${SLOW_SECONDS} s`, await slow(stage, owner)],
      ["a webhook writes", await webhook(stage, owner)],
      ["a webhook is told", await told(stage, owner, program)],
    ]);
    const asking = await mentionsBot(stage, owner);
    if (asking) features.set("the message asks a bot", asking);
    const reviewing = await reviewed(stage, owner);
    if (reviewing) features.set("word lists review the message", reviewing);
    const samples = new Map([...features.keys()].map((name) => [name, [] as number[]]));
    // One for each, so that none exceeds a rate.
    const pauses = await Promise.all([...features].map(() => stage.socket()));
    for (let n = -WARM_UP; n < messages; n++) {
      await setTimeout(PAUSE_MS);
      for (const [at, [name, send]] of [...features].entries()) {
        pauses[at]?.send({ action: "ping" });
        await pauses[at]?.next("pong");
        const started = performance.now();
        await send();
        if (n >= 0) samples.get(name)?.push(performance.now() - started);
      }
    }
    return new Map([...samples].map(([name, each]) => [name, summarize(each)]));
  } finally {
    program.close();
    await stage.cleanUp();
  }
}

/** Opens a room, and connects everyone in it. */
async function open(stage: Stage, owner: Guest): Promise<{ room: string; sockets: RawSocket[] }> {
  const { roomId: room } = await stage.roomOf(owner, { name: "Features" });
  const sockets: RawSocket[] = [];
  for (let n = 0; n < PEOPLE; n++) {
    const socket = await stage.socket();
    socket.send({ action: "join", room });
    await socket.next("joined");
    sockets.push(socket);
  }
  return { room, sockets };
}

async function acknowledged(socket: RawSocket | undefined, room: string, mentions?: string[]): Promise<void> {
  const answer = await socket?.request({ action: "send", room, text: TEXT, ...(mentions && { mentions }) });
  if (answer?.type !== "ack") throw new Error(`A message was not acknowledged: ${JSON.stringify(answer)}`);
}

async function plain(stage: Stage, owner: Guest): Promise<Send> {
  const { room, sockets } = await open(stage, owner);
  return () => acknowledged(sockets[0], room);
}

async function moderated(stage: Stage, owner: Guest): Promise<Send> {
  const { room, sockets } = await open(stage, owner);
  await withRetries(() => owner.api.moderate(room, { action: "mute", userId: "somebody", name: "Somebody" }));
  return () => acknowledged(sockets[0], room);
}

async function slow(stage: Stage, owner: Guest): Promise<Send> {
  const { room, sockets } = await open(stage, owner);
  await withRetries(() => owner.api.moderate(room, { action: "slowMode", seconds: SLOW_SECONDS }));
  let n = 0;
  return () => acknowledged(sockets[n++ % WRITERS], room);
}

async function webhook(stage: Stage, owner: Guest): Promise<Send> {
  const { room } = await open(stage, owner);
  const { id, secret } = await withRetries(() => owner.api.createHook(room, "Build server"));
  const headers = { authorization: `Bearer ${secret}` };
  return async () => {
    const url = `${stage.addresses.apiUrl}/hooks/${id}`;
    const { status, body } = await httpRequest(url, { method: "POST", headers, body: { text: TEXT } });
    if (status !== 201) throw new Error(`A message of the webhook was not stored: ${body}`);
  };
}

/** Only the local cloud tells a program on this machine. */
async function told(stage: Stage, owner: Guest, program: Server): Promise<Send> {
  const { room, sockets } = await open(stage, owner);
  const { port } = program.address() as AddressInfo;
  await withRetries(() => owner.api.createHook(room, "Echo", `http://127.0.0.1:${port}/`));
  return () => acknowledged(sockets[0], room);
}

async function reviewed(stage: Stage, owner: Guest): Promise<Send | undefined> {
  const config = await httpRequest(new URL("/config.json", stage.addresses.siteUrl).href);
  if (JSON.parse(config.body).review === undefined) return undefined;
  const { room, sockets } = await open(stage, owner);
  await withRetries(() => owner.api.moderate(room, { action: "review", on: true }));
  return () => acknowledged(sockets[0], room);
}

async function mentionsBot(stage: Stage, owner: Guest): Promise<Send | undefined> {
  const config = await httpRequest(new URL("/config.json", stage.addresses.siteUrl).href);
  const name: string | undefined = JSON.parse(config.body).bots?.[0]?.name;
  if (name === undefined) return undefined;
  const { room, sockets } = await open(stage, owner);
  await withRetries(() => owner.api.setBot(room, name, true));
  let previous: Promise<unknown> = Promise.resolve();
  return async () => {
    await previous;
    const sent = acknowledged(sockets[0], room, [`bot:${name}`]);
    previous = sockets[0]?.next("message", ({ from }) => from.bot === true) ?? previous;
    await sent;
  };
}
