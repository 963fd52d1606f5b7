// Rates: clients that exceed one get `rateLimited` and a retry time; clients that continue are disconnected.

import assert from "node:assert/strict";
import type { ClientFrame } from "../../client/src/protocol.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { scenario } from "../support/scenario.ts";
import type { Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

/** One frame per route. */
export const frames: Record<string, (room: string) => ClientFrame | { action: "shout" | "$connect" | "$disconnect" }> =
  {
    join: (room) => ({ action: "join", room }),
    leave: (room) => ({ action: "leave", room }),
    send: (room) => ({ action: "send", room, id: "1", text: "Hello" }),
    edit: (room) => ({ action: "edit", room, id: "2", seq: 1, text: "Hello!" }),
    delete: (room) => ({ action: "delete", room, id: "3", seq: 1 }),
    react: (room) => ({ action: "react", room, id: "4", seq: 1, emoji: "👋", on: true }),
    history: (room) => ({ action: "history", room, limit: 1 }),
    read: (room) => ({ action: "read", room, seq: 1 }),
    typing: (room) => ({ action: "typing", room }),
    register: (room) => ({ action: "register", handle: room }),
    ping: () => ({ action: "ping" }),
    default: () => ({ action: "shout" }),
    connect: () => ({ action: "$connect" }),
    disconnect: () => ({ action: "$disconnect" }),
  };

/** More than every rate allows, even on a machine that handles them slowly. */
const TOO_MANY = 1_000;
/** A slow machine takes this long: meanwhile the bucket refills almost as fast as it drains. */
const DISCONNECT_LIMIT_MS = 50_000;

async function flood(stage: Stage, frame: object): Promise<RawSocket> {
  const socket = await stage.socket();
  for (let n = 0; n < TOO_MANY; n++) socket.sendRaw(JSON.stringify(frame));
  return socket;
}

export const scenarios = [
  ...Object.entries(frames).map(([route, frame]) =>
    scenario(
      `Too many ${route} frames get rateLimited with a retry time, then end the connection`,
      [route],
      async (stage) => {
        const { roomId } = await stage.room();
        const socket = await flood(stage, frame(roomId));
        const { retryable, retryAfterMs = 0 } = await socket.next("error", ({ code }) => code === "rateLimited");
        assert.ok(retryable && retryAfterMs > 0 && retryAfterMs < 60_000, `retry after ${retryAfterMs} ms`);
        await until("the connection is closed", () => socket.closeCode !== undefined, DISCONNECT_LIMIT_MS);
      },
    ),
  ),

  scenario("A client that exceeds its rate does not affect others in the room", ["send"], async (stage) => {
    const { roomId: room } = await stage.room();
    const [ada, ben] = [await stage.join(room, "Ada"), await stage.join(room, "Ben")];
    const flooding = await stage.socket();
    flooding.send({ action: "join", room });
    await flooding.next("joined");
    for (let n = 0; n < TOO_MANY; n++) flooding.send({ action: "send", room, id: `${n}`, text: "Buy!" });
    await flooding.next("error", ({ code }) => code === "rateLimited");
    ada.send("Hello, Ben");
    await until("Ben receives it", () => ben.messages.some(({ text }) => text === "Hello, Ben"));
    await until("the flooding connection is closed", () => flooding.closeCode !== undefined, DISCONNECT_LIMIT_MS);
    const received = ben.messages.filter(({ text }) => text === "Buy!");
    assert.ok(received.length < TOO_MANY / 2, `${received.length} of ${TOO_MANY} arrived`);
  }),

  scenario("The number of connections per person is limited", ["authorize"], async (stage) => {
    const { token } = await stage.guest("Ada");
    const connect = async () => (await stage.socket({ query: `?token=${token}` })).close();
    await assert.rejects(async () => {
      for (let n = 0; n < TOO_MANY; n++) await connect();
    }, /403/);
    await stage.socket({ query: `?token=${(await stage.guest("Ben")).token}` });
  }),
];
