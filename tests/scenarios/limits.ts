// Who does too much is refused with a time to wait; who does not stop is disconnected, and comes back only so often.

import assert from "node:assert/strict";
import type { ClientFrame } from "../../client/src/protocol.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { scenario } from "../support/scenario.ts";
import type { Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

const frames: Record<string, (room: string) => ClientFrame | { action: "shout" | "$connect" | "$disconnect" }> = {
  join: (room) => ({ action: "join", room }),
  leave: (room) => ({ action: "leave", room }),
  send: (room) => ({ action: "send", room, id: "1", text: "Hello" }),
  edit: (room) => ({ action: "edit", room, id: "2", seq: 1, text: "Hello!" }),
  delete: (room) => ({ action: "delete", room, id: "3", seq: 1 }),
  react: (room) => ({ action: "react", room, id: "4", seq: 1, emoji: "👋", on: true }),
  history: (room) => ({ action: "history", room, limit: 1 }),
  typing: (room) => ({ action: "typing", room }),
  ping: () => ({ action: "ping" }),
  default: () => ({ action: "shout" }),
  connect: () => ({ action: "$connect" }),
  disconnect: () => ({ action: "$disconnect" }),
};

/** Far beyond every rate, even where they are worked off slowly. */
const TOO_MANY = 1_000;
/** So slowly that most of what is taken from a bucket comes back meanwhile. */
const SLOW_MS = 50_000;

async function flood(stage: Stage, frame: object): Promise<RawSocket> {
  const socket = await stage.socket();
  for (let n = 0; n < TOO_MANY; n++) socket.sendRaw(JSON.stringify(frame));
  return socket;
}

export const scenarios = [
  ...Object.entries(frames).map(([route, frame]) =>
    scenario(
      `Too many of the frame ${route} are refused with a time to wait, and in the end disconnect`,
      [route],
      async (stage) => {
        const { roomId } = await stage.room();
        const socket = await flood(stage, frame(roomId));
        const { retryable, retryAfterMs = 0 } = await socket.next("error", ({ code }) => code === "rateLimited");
        assert.ok(retryable && retryAfterMs > 0 && retryAfterMs < 60_000, `to wait ${retryAfterMs} ms`);
        await until("the connection is ended", () => socket.closeCode !== undefined, SLOW_MS);
      },
    ),
  ),

  scenario("Others in the room are not disturbed by who is refused", ["send"], async (stage) => {
    const { roomId: room } = await stage.room();
    const [ada, ben] = [await stage.join(room, "Ada"), await stage.join(room, "Ben")];
    const flooder = await stage.socket();
    flooder.send({ action: "join", room });
    await flooder.next("joined");
    for (let n = 0; n < TOO_MANY; n++) flooder.send({ action: "send", room, id: `${n}`, text: "Buy!" });
    await flooder.next("error", ({ code }) => code === "rateLimited");
    ada.send("Hello, Ben");
    await until("Ben reads it", () => ben.messages.some(({ text }) => text === "Hello, Ben"));
    await until("the flooder is out", () => flooder.closeCode !== undefined, SLOW_MS);
    const bought = ben.messages.filter(({ text }) => text === "Buy!");
    assert.ok(bought.length < TOO_MANY / 2, `${bought.length} of ${TOO_MANY} came through`);
  }),

  scenario("A person connects only so often", ["authorize"], async (stage) => {
    const { token } = await stage.guest("Ada");
    const connect = async () => (await stage.socket({ query: `?token=${token}` })).close();
    await assert.rejects(async () => {
      for (let n = 0; n < TOO_MANY; n++) await connect();
    }, /403/);
    await stage.socket({ query: `?token=${(await stage.guest("Ben")).token}` });
  }),
];
