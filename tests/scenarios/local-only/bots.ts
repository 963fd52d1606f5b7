// Bots: connections that are gone, and what becomes of a question that no attempt answers.
import assert from "node:assert/strict";
import { newId } from "../../../client/src/index.ts";
import type { ServerFrame } from "../../../client/src/protocol.ts";
import { httpRequest } from "../../support/http.ts";
import type { RawSocket } from "../../support/raw-socket.ts";
import { type Stage, withRetries } from "../../support/stage.ts";
import { eventually, until } from "../../support/until.ts";
import { socketOf } from "../conversations.ts";
import { localScenario } from "./admin.ts";

/** Of the stage `local`. */
const bot = "concierge";

/** Asks the bot, and waits for its answer. Returns where the question is, as the bots' function gets it. */
async function answered(socket: RawSocket, question: { room: string } | { to: string }) {
  const ack = await socket.request({ action: "send", ...question, text: "hello", mentions: [`bot:${bot}`] });
  assert.ok(ack.type === "ack");
  await socket.next("message", ({ from }) => from.bot === true);
  const { room, epoch, seq } = ack;
  return { room, epoch, seq, bot };
}

async function enter(stage: Stage, room: string): Promise<RawSocket> {
  const socket = await stage.socket();
  socket.send({ action: "join", room });
  await socket.next("joined");
  return socket;
}

/** A room with somebody inside. */
async function setUp(stage: Stage) {
  const owner = await stage.guest("Owner");
  const { roomId: room } = await stage.roomOf(owner);
  const socket = await enter(stage, room);
  const set = (isAllowed: boolean) => withRetries(() => owner.api.setBot(room, bot, isAllowed));
  return { room, socket, set };
}

const leaves = (frame: Extract<ServerFrame, { type: "presence" }>) =>
  frame.event === "left" && frame.people.some(({ name }) => name === "Gone");

export const scenarios = [
  ...(["allow-bot", "remove-bot"] as const).map((route) =>
    localScenario(
      `The next ${route} removes an occupant whose connection died unnoticed`,
      [route],
      async (stage, admin) => {
        const { room, socket, set } = await setUp(stage);
        if (route === "remove-bot") await set(true);
        await admin.addDeadOccupant(room, "Gone");
        await set(route === "allow-bot");
        await socket.next("presence", leaves);
      },
    ),
  ),

  localScenario(
    "In a reviewed room, a bot's answer is reviewed like any message: one appears, another waits for a moderator",
    ["answer", "moderate", "list-held"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId: room } = await stage.roomOf(owner);
      const socket = await enter(stage, room);
      await withRetries(() => owner.api.setBot(room, bot, true));
      await withRetries(() => owner.api.moderate(room, { action: "review", on: true }));
      await answered(socket, { room });
      const question = { action: "send", room, text: "Where can I work?", mentions: [`bot:${bot}`] } as const;
      const ack = await socket.request(question);
      assert.ok(ack.type === "ack");
      // `review/en.txt` holds a phrase of this answer.
      await until("its answer waits", async () => (await owner.api.held(room)).held.length === 1);
      const { held } = await owner.api.held(room);
      assert.deepEqual([held[0]?.from.userId, held[0]?.replyTo], [`bot:${bot}`, ack.seq]);
    },
  ),

  localScenario(
    "Making a webhook, and what it writes, remove occupants whose connections died unnoticed",
    ["create-hook", "post-hook"],
    async (stage, admin) => {
      const owner = await stage.guest("Owner");
      const { roomId: room } = await stage.roomOf(owner);
      const socket = await enter(stage, room);
      await admin.addDeadOccupant(room, "Gone");
      const { id, secret } = await withRetries(() => owner.api.createHook(room, "Build server"));
      await socket.next("presence", leaves);
      await admin.addDeadOccupant(room, "Gone");
      const headers = { authorization: `Bearer ${secret}` };
      const body = { text: "Build 7 passed" };
      const posted = await httpRequest(`${stage.addresses.apiUrl}/hooks/${id}`, { method: "POST", headers, body });
      assert.equal(posted.status, 201, posted.body);
      await socket.next("presence", leaves);
    },
  ),

  localScenario(
    "A bot's answer removes an occupant whose connection died unnoticed",
    ["answer"],
    async (stage, admin) => {
      const { room, socket, set } = await setUp(stage);
      await set(true);
      const question = await answered(socket, { room });
      await admin.addDeadOccupant(room, "Gone");
      await admin.invokeLater("answer", question);
      await socket.next("presence", leaves);
    },
  ),

  localScenario(
    "A bot's answer in a conversation removes connections that are gone",
    ["answer"],
    async (stage, admin) => {
      const ada = await stage.guest("Ada");
      const question = await answered(await socketOf(stage, ada), { to: `@${bot}` });
      await admin.addDeadConnection(ada.userId);
      await admin.invokeLater("answer", question);
      await until("the connection that is gone is removed", async () => !(await admin.hasDeadConnection(ada.userId)));
    },
  ),

  localScenario(
    "A question that all attempts fail to answer ends in the dead-letter queue",
    ["answer"],
    async (_, admin) => {
      // It lacks everything that a question has.
      const event = { id: newId() };
      await admin.invokeLater("answer", event);
      let letter = "";
      await eventually("the queue has the event", async () => {
        const letters = await admin.takeDeadLetters("Unanswered");
        letter = letters.find((body) => body.includes(event.id)) ?? "";
        return letter !== "";
      });
      assert.match(letter, /not a question/);
    },
  ),
];
