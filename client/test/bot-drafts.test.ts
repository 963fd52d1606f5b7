import { expect, test, vi } from "vitest";
import { BotDrafts } from "../src/bot-drafts.ts";
import type { Draft, Person } from "../src/protocol.ts";
import { connect, startServer, stopTime, until } from "./support.ts";

const bot: Person = { userId: "bot:librarian", name: "Librarian", bot: true };
const draft = (text: string, more: Partial<Draft> = {}): { type: "draft" } & Draft => ({
  type: "draft",
  room: "r",
  epoch: "e1",
  seq: 1,
  from: bot,
  text,
  ...more,
});

async function start() {
  const server = await startServer();
  const client = connect(server);
  const room = await client.join("r");
  const changed = vi.fn();
  const drafts = new BotDrafts(room, changed);
  const seen: string[] = [];
  room.on("draft", ({ text }) => seen.push(text));
  server.say("r", "A book?");
  await until(() => room.messages.length === 1);
  return { server, client, room, drafts, seen, changed, shown: () => drafts.current.map(({ text }) => text).join() };
}

test("a draft replaces the one before it, until the answer, and is not in the log", async () => {
  const { server, room, seen, shown } = await start();
  server.broadcast(draft("Try"));
  server.broadcast(draft("Try Dubliners"));
  await until(() => shown() === "Try Dubliners");
  expect([seen, room.messages.length]).toEqual([["Try", "Try Dubliners"], 1]);
  server.say("r", "Something else", { from: bot });
  await until(() => room.messages.length === 2);
  expect(shown()).toBe("Try Dubliners");
  server.say("r", "Try Dubliners.", { from: bot, replyTo: 1 });
  await until(() => shown() === "");
  server.broadcast(draft("Late"));
  await until(() => seen.includes("Late"));
  expect(shown()).toBe("");
});

test("bots write at the same time, each about its own question", async () => {
  const { server, shown } = await start();
  server.broadcast(draft("One"));
  server.broadcast(draft("Two", { from: { ...bot, userId: "bot:poet" } }));
  server.broadcast(draft("Three", { seq: 2 }));
  await until(() => shown() === "One,Two,Three");
  server.say("r", "One.", { from: bot, replyTo: 1 });
  await until(() => shown() === "Two,Three");
});

test("drafts of another log and those before a lost connection are not shown", async () => {
  const { server, seen, shown } = await start();
  server.broadcast(draft("Old", { epoch: "e0" }));
  await until(() => seen.includes("Old"));
  expect(shown()).toBe("");
  server.broadcast(draft("Try"));
  await until(() => shown() === "Try");
  for (const { socket } of server.connections) socket.terminate();
  await until(() => shown() === "");
});

test("a draft that nothing follows ends by itself, and none is shown after `stop`", async () => {
  const { server, drafts, seen, changed, shown } = await start();
  stopTime();
  server.broadcast(draft("Try"));
  await until(() => shown() === "Try");
  vi.advanceTimersByTime(59_999);
  expect(shown()).toBe("Try");
  vi.advanceTimersByTime(1);
  expect(shown()).toBe("");
  drafts.stop();
  changed.mockClear();
  server.broadcast(draft("Again"));
  await until(() => seen.includes("Again"));
  expect([shown(), changed.mock.calls.length]).toEqual(["", 0]);
});
