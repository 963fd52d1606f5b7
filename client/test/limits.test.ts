import { expect, test, vi } from "vitest";
import type { Room } from "../src/room.ts";
import { RATE_LIMIT_MS, type TestServer } from "./server.ts";
import { connect, startServer, stopTime, until } from "./support.ts";

test.each([
  ["send", (room: Room) => room.send("hello")],
  ["react", (room: Room) => room.react(1, "👍", true)],
  ["history", (_: Room, server: TestServer) => server.say("r", "missed", { shown: false }) && server.say("r", "seen")],
  ["join", (_: Room, server: TestServer) => server.cut()],
] as const)("a %s that exceeds a rate is repeated, but not before the server said", async (action, act) => {
  const server = await startServer();
  server.say("r", "text");
  const room = await connect(server, { token: "ada" }).join("r");
  const before = server.received(action).length;
  const asked = () => server.received(action).slice(before);
  server.intercept = (frame) => frame.action === action && asked().length === 1 && "rateLimited";
  stopTime();
  const waits = vi.spyOn(globalThis, "setTimeout");
  const isWaiting = () => waits.mock.calls.some(([, ms = 0]) => ms >= RATE_LIMIT_MS && ms < RATE_LIMIT_MS + 100);
  void act(room, server);
  await until(() => {
    if (asked().length === 0) vi.advanceTimersByTime(10);
    return isWaiting();
  });
  expect(asked()).toHaveLength(1);
  vi.advanceTimersByTime(RATE_LIMIT_MS - 1);
  expect(asked()).toHaveLength(1);
  vi.advanceTimersByTime(100);
  await until(() => asked().length === 2);
});
