// Bots: in a room whose owner allows one, and in a direct conversation, from raw sockets. A stage without bots refuses both.

import assert from "node:assert/strict";
import { newId } from "../../client/src/index.ts";
import type { ServerFrame } from "../../client/src/protocol.ts";
import { httpRequest } from "../support/http.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { scenario } from "../support/scenario.ts";
import { type Stage, withRetries } from "../support/stage.ts";
import { until } from "../support/until.ts";

type Message = Extract<ServerFrame, { type: "message" }>;

/** Returns the first bot of the stage, if it has any. */
async function botOf({ addresses }: Stage): Promise<{ name: string; title: string } | undefined> {
  return JSON.parse((await httpRequest(new URL("/config.json", addresses.siteUrl).href)).body).bots?.[0];
}

/** An answer, and not an apology for having none. */
const isAnswer = ({ from, text }: Message) => from.bot === true && !text.startsWith("Sorry");

/** Joins as a guest without a token. */
async function enter(stage: Stage, room: string, name: string): Promise<RawSocket> {
  const socket = await stage.socket();
  socket.send({ action: "join", room, name });
  await socket.next("joined");
  return socket;
}

const refused = (answer: ServerFrame, code: string) => assert.equal(answer.type === "error" && answer.code, code);

export const scenarios = [
  scenario(
    "A bot answers everyone in a room when it is mentioned, once the owner allows it and until the owner removes it",
    ["allow-bot", "remove-bot", "answer", "send", "get-room", "join"],
    async (stage) => {
      const bot = await botOf(stage);
      const owner = await stage.guest("Owner");
      const { roomId: room } = await stage.roomOf(owner);
      if (!bot) {
        await assert.rejects(
          withRetries(() => owner.api.setBot(room, "concierge", true)),
          { code: "personNotFound" },
        );
        return;
      }
      const person = { userId: `bot:${bot.name}`, name: bot.title, bot: true };
      const [ada, ben] = [await enter(stage, room, "Ada"), await enter(stage, room, "Ben")];
      const cleo = await stage.join(room, "Cleo");
      const ask = (text: string) =>
        ada.request({ action: "send", room, text: `@${bot.title} ${text}`, mentions: [person.userId] });

      await ask("before it is allowed");
      const allowed = await withRetries(() => owner.api.setBot(room, bot.name, true));
      assert.deepEqual(allowed.bots, [person]);
      const added = await ben.next("notice", ({ kind }) => kind === "botAdded");
      assert.deepEqual(added.people, [person]);
      assert.deepEqual((await withRetries(() => stage.api.room(room))).bots, [person]);
      await until("the client knows the bot", () => cleo.bots?.length === 1);

      const question = await ask("hello");
      assert.ok(question.type === "ack");
      for (const socket of [ada, ben]) {
        const answer = await socket.next("message", isAnswer);
        assert.deepEqual(answer.from, person);
        assert.deepEqual([answer.replyTo, answer.epoch], [question.seq, question.epoch]);
      }

      const removed = await withRetries(() => owner.api.setBot(room, bot.name, false));
      assert.equal(removed.bots, undefined);
      await ben.next("notice", ({ kind }) => kind === "botRemoved");
      await until("the client knows that there is no bot", () => cleo.bots?.length === 0);
      const last = await ask("are you still there?");
      // Two questions, two notices, one answer and this: nothing was answered while the bot was not allowed.
      assert.equal(last.type === "ack" && last.seq, 6);
    },
  ),

  scenario("A bot answers in a room in slow mode", ["allow-bot", "answer", "moderate", "send"], async (stage) => {
    const bot = await botOf(stage);
    if (!bot) return;
    const owner = await stage.guest("Owner");
    const { roomId: room } = await stage.roomOf(owner);
    await withRetries(() => owner.api.setBot(room, bot.name, true));
    await withRetries(() => owner.api.moderate(room, { action: "slowMode", seconds: 60 }));
    const ada = await enter(stage, room, "Ada");
    const text = `@${bot.title} hello`;
    const question = await ada.request({ action: "send", room, text, mentions: [`bot:${bot.name}`] });
    const answer = await ada.next("message", isAnswer);
    assert.equal(question.type === "ack" && question.seq, answer.replyTo);
    refused(await ada.request({ action: "send", room, text: "too soon" }), "slowMode");
  }),

  scenario(
    "A program writes in a room through a webhook that the owner made, once per id, until the owner removes it",
    ["create-hook", "post-hook", "remove-bot", "send", "moderate"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId: room } = await stage.roomOf(owner);
      const ada = await enter(stage, room, "Ada");
      const { id, secret, person } = await withRetries(() => owner.api.createHook(room, "Build server"));
      assert.deepEqual(person, { userId: person.userId, name: "Build server", bot: true });
      const added = await ada.next("notice", ({ kind }) => kind === "botAdded");
      assert.deepEqual(added.people, [person]);
      const post = (body: object, token = secret) =>
        httpRequest(`${stage.addresses.apiUrl}/hooks/${id}`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}` },
          body,
        });
      const first = await post({ text: "Build 7 passed", id: "7" });
      assert.equal(first.status, 201, first.body);
      const message = await ada.next("message", ({ from }) => from.bot === true);
      assert.deepEqual([message.from, message.text], [person, "Build 7 passed"]);
      assert.equal(JSON.parse(first.body).seq, message.seq);
      const again = await post({ text: "Build 7 passed", id: "7" });
      assert.deepEqual([again.status, again.body], [201, first.body]);
      assert.equal((await post({ text: "Build 8 passed" }, "guessed")).status, 401);
      await withRetries(() => owner.api.moderate(room, { action: "mute", userId: person.userId, name: person.name }));
      assert.equal(JSON.parse((await post({ text: "Build 8 passed" })).body).code, "muted");
      await withRetries(() => owner.api.setBot(room, person.userId.slice("bot:".length), false));
      await ada.next("notice", ({ kind }) => kind === "botRemoved");
      assert.equal((await post({ text: "Build 9 passed" })).status, 401);
    },
  ),

  scenario(
    "Anybody talks to a bot directly, by its handle, and nobody else can have its name or its handle",
    ["answer", "send", "create-conversation", "join", "create-session", "register", "claim-handle", "get-person"],
    async (stage) => {
      const bot = await botOf(stage);
      const ada = await stage.socket();
      const to = `@${bot?.name ?? newId().slice(0, 16)}`;
      const ack = await ada.request({ action: "send", to, text: "hello" });
      if (!bot) return refused(ack, "personNotFound");
      assert.ok(ack.type === "ack");
      const answer = await ada.next("message", isAnswer);
      assert.deepEqual([answer.room, answer.replyTo, answer.from.name], [ack.room, ack.seq, bot.title]);

      const guest = await stage.guest("Ben");
      const { members } = await withRetries(() => guest.api.createConversation({ with: to }));
      assert.deepEqual(
        members.map(({ bot }) => bot),
        [undefined, true],
      );
      const profile = await withRetries(() => stage.api.person(bot.name));
      assert.deepEqual(profile, { userId: `bot:${bot.name}`, name: bot.title, handle: bot.name });
      const { roomId: room } = await stage.room();
      refused(await ada.request({ action: "join", room, name: bot.title }), "invalidField");
      refused(await ada.request({ action: "register", handle: bot.name }), "handleTaken");
      await assert.rejects(
        withRetries(() => guest.api.claimHandle(bot.name)),
        { code: "handleTaken" },
      );
      await assert.rejects(
        withRetries(() => stage.api.createSession(bot.title)),
        { code: "invalidField" },
      );
    },
  ),

  scenario(
    "A webhook takes only an address of the Internet, whose host everyone learns, and a program that is not there holds up nobody",
    ["create-hook", "tell-hook", "get-room", "send"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId: room } = await stage.roomOf(owner);
      const ada = await enter(stage, room, "Ada");
      for (const url of [
        "http://bots.invalid/",
        "https://10.0.0.1/",
        "https://169.254.169.254/",
        "https://bots.invalid:8443/",
      ]) {
        await assert.rejects(
          withRetries(() => owner.api.createHook(room, "Echo", url)),
          { code: "invalidField" },
          url,
        );
      }
      const { person, signingSecret } = await withRetries(() =>
        owner.api.createHook(room, "Echo", "https://bots.invalid/told"),
      );
      assert.match(signingSecret ?? "", /^whsec_/);
      const { host } = await ada.next("notice", ({ kind }) => kind === "botAdded");
      assert.equal(host, "bots.invalid");
      assert.deepEqual((await withRetries(() => stage.api.room(room))).told, [{ userId: person.userId, host }]);
      const ack = await ada.request({ action: "send", room, text: "Is anybody there?" });
      assert.equal(ack.type, "ack");
    },
  ),
];
