// Webhooks that are told the messages of their room, by programs on this machine. On AWS, only the Internet's are reached.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { Program, signature } from "../../support/program.ts";
import { readLog } from "../../support/read-room-log.ts";
import { type Stage, withRetries } from "../../support/stage.ts";
import { eventually, until } from "../../support/until.ts";
import { localScenario } from "./admin.ts";

/** A room with somebody inside, and a webhook that is told what they write. */
async function setUp(stage: Stage, url: string) {
  const owner = await stage.guest("Owner");
  const { roomId: room } = await stage.roomOf(owner);
  const socket = await stage.socket();
  socket.send({ action: "join", room, name: "Ada" });
  await socket.next("joined");
  const hook = await withRetries(() => owner.api.createHook(room, "Echo", url));
  const say = async (text: string) => {
    const ack = await socket.request({ action: "send", room, text });
    assert.ok(ack.type === "ack", JSON.stringify(ack));
    return ack;
  };
  return { owner, room, socket, hook, say };
}

export const scenarios = [
  localScenario(
    "A webhook with an address is told, signed, what people write, until the owner removes it",
    ["create-hook", "tell-hook", "send", "get-room", "moderate", "remove-bot"],
    async (stage) => {
      await using program = await Program.start();
      const { owner, room, socket, hook, say } = await setUp(stage, program.url);
      const { host } = await socket.next("notice", ({ kind }) => kind === "botAdded");
      assert.equal(host, "127.0.0.1");
      assert.deepEqual((await stage.api.room(room)).told, [{ userId: hook.person.userId, host }]);

      const { seq, epoch } = await say("hello");
      await until("the program is told", () => program.told.length > 0);
      const [told] = program.told;
      assert.ok(told && hook.signingSecret);
      assert.equal(told.headers["webhook-signature"], signature(hook.signingSecret, told));
      assert.ok(Math.abs(Date.now() / 1000 - Number(told.headers["webhook-timestamp"])) < 60);
      const { type, text, from, ...rest } = JSON.parse(told.body);
      assert.deepEqual([type, text, from.name, rest.seq, rest.epoch], ["message", "hello", "Ada", seq, epoch]);

      // Those who are muted read on.
      const { userId, name } = hook.person;
      await withRetries(() => owner.api.moderate(room, { action: "mute", userId, name }));
      await say("still here?");
      await until("the program is told", () => program.told.length === 2);
      await withRetries(() => owner.api.setBot(room, userId.slice("bot:".length), false));
      await say("in private");
      await using other = await Program.start();
      await withRetries(() => owner.api.createHook(room, "Other", other.url));
      await say("to another");
      await until("the other program is told", () => other.told.length > 0);
      assert.deepEqual([program.told.length, other.told.length], [2, 1]);
    },
  ),

  localScenario(
    "A program that fails is told again, with the same id, and one that never succeeds leaves a dead letter",
    ["tell-hook"],
    async (stage, admin) => {
      await using program = await Program.start();
      const { room, say } = await setUp(stage, program.url);
      program.statuses.push(500);
      await say("again");
      await until("the program is told twice", () => program.told.length === 2);
      const ids = program.told.map(({ headers }) => headers["webhook-id"]);
      assert.equal(ids[0], ids[1]);
      // A redirect is not followed.
      program.statuses.push(302, 307, 404);
      await say("never");
      let letter = "";
      await eventually("the queue has the event", async () => {
        const letters = await admin.takeDeadLetters("Untold");
        letter = letters.find((body) => body.includes(room)) ?? "";
        return letter !== "";
      });
      assert.match(letter, /status 404/);
      assert.doesNotMatch(letter, /never|127\.0\.0\.1/);
      assert.equal(program.told.length, 5);
    },
  ),

  localScenario(
    "The example in Python answers what it is told, once",
    ["create-hook", "tell-hook", "post-hook"],
    async (stage, admin) => {
      const port = await freePort();
      const { room, socket, hook, say } = await setUp(stage, `http://127.0.0.1:${port}/`);
      assert.ok(hook.signingSecret);
      const program = spawn("python3", [join(import.meta.dirname, "../../../examples/echo-bot.py")], {
        env: {
          PATH: process.env.PATH,
          PORT: String(port),
          HOOK_URL: `${stage.addresses.apiUrl}/hooks/${hook.id}`,
          HOOK_SECRET: hook.secret,
          SIGNING_SECRET: hook.signingSecret,
        },
        stdio: ["ignore", "ignore", "inherit"],
      });
      try {
        await eventually("it listens", async () => {
          const answered = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "{}" }).catch(() => null);
          return answered?.status === 401;
        });
        const { seq, epoch } = await say("hello");
        const answer = await socket.next("message", ({ from }) => from.bot === true);
        assert.deepEqual([answer.text, answer.from], ["Ada said: hello", hook.person]);
        await admin.invokeLater("tell-hook", { room, epoch, seq, hook: hook.person.userId });
        await say("bye");
        await socket.next("message", ({ text }) => text === "Ada said: bye");
        const log = await readLog(stage.addresses.apiUrl, room);
        const answers = log.flatMap((event) => (event.type === "message" && event.from.bot ? [event.text] : []));
        assert.deepEqual(answers, ["Ada said: hello", "Ada said: bye"]);
      } finally {
        program.kill();
      }
    },
  ),
];

/** Returns a port of this machine that nothing uses. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
