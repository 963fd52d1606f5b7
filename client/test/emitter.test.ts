import { expect, onTestFinished, test } from "vitest";
import { Emitter } from "../src/emitter.ts";
import { connect, startServer, texts, until } from "./support.ts";

/** Records uncaught errors from now on, in place of the test runner's handlers, which would fail the test. */
function uncaught(): unknown[] {
  const seen: unknown[] = [];
  const handlers = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => seen.push(error));
  onTestFinished(() => {
    process.removeAllListeners("uncaughtException");
    for (const handler of handlers) process.on("uncaughtException", handler);
  });
  return seen;
}

class Bell extends Emitter<{ ring: [times: number] }> {
  ring(times: number): void {
    this.emit("ring", times);
  }
}

test("a listener that throws does not affect the others, and its error is reported", async () => {
  const reported = uncaught();
  const bell = new Bell();
  const heard: number[] = [];
  const broken = new Error("a bug in a listener");
  bell.on("ring", (times) => heard.push(times));
  bell.on("ring", () => {
    throw broken;
  });
  bell.on("ring", (times) => heard.push(times));
  bell.ring(1);
  bell.ring(2);
  expect(heard).toEqual([1, 1, 2, 2]);
  await until(() => reported.length === 2);
  expect(reported).toEqual([broken, broken]);
});

test("a listener that another one unsubscribes is not called any more", () => {
  const bell = new Bell();
  const heard: number[] = [];
  bell.on("ring", () => stop());
  const stop = bell.on("ring", (times) => heard.push(times));
  bell.ring(1);
  expect(heard).toEqual([]);
});

test("the client works even if every listener throws", async () => {
  const reported = uncaught();
  const server = await startServer();
  const client = connect(server, { token: "ada" });
  const fail = () => {
    throw new Error("a bug in a listener");
  };
  client.on("state", fail);
  const room = await client.join("r");
  const seen: string[] = [];
  for (const event of [
    "change",
    "message",
    "changed",
    "notice",
    "presence",
    "discontinuity",
    "left",
    "delivery",
  ] as const) {
    room.on(event, fail);
    room.on(event, () => seen.push(event));
  }
  server.recoverable = 0;
  room.send("mine");
  server.say("r", "theirs");
  await until(() => texts(room).length === 2 && room.messages.every(({ status }) => status === "sent"));
  server.change("r", 1, { kind: "edited", text: "changed" });
  server.rename("r", "Tea");
  await until(() => room.name === "Tea");
  server.cut();
  server.say("r", "missed");
  await until(() => texts(room).includes("missed"));
  server.broadcast({ type: "left", room: "r", reason: "closed" });
  await until(() => seen.includes("left"));
  expect(new Set(seen)).toEqual(
    new Set(["change", "delivery", "message", "changed", "notice", "discontinuity", "left"]),
  );
  await until(() => reported.length >= seen.length);
});
