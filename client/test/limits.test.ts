import { describe, expect, test, vi } from "vitest";
import type { ParlorClient } from "../src/client.ts";
import type { ClientFrame } from "../src/protocol.ts";
import type { Room } from "../src/room.ts";
import { RETRY_AFTER_MS, type TestServer } from "./server.ts";
import { at, connect, startServer, stopTime, until } from "./support.ts";

/** Longer than the backoff that is added to the server's `retryAfterMs`. */
const BACKOFF_MS = 100;

/** Refuses the first such frame with `rateLimited`. Returns a function that counts these frames from now on. */
function refuseFirst(server: TestServer, action: ClientFrame["action"], roomId: string): () => number {
  let asked = 0;
  server.intercept = (frame) => {
    const isIt = frame.action === action && "room" in frame && frame.room === roomId;
    return isIt && ++asked === 1 && "rateLimited";
  };
  return () => asked;
}

/** Waits until all frames sent so far, in both directions, have arrived. */
async function arrived(client: ParlorClient): Promise<void> {
  const elsewhere = await client.join("elsewhere");
  await elsewhere.leave();
}

/** Expects that the frame is repeated once the server's `retryAfterMs` has passed, not before. */
async function expectPatience(client: ParlorClient, asked: () => number): Promise<void> {
  await until(() => {
    if (asked() === 0) vi.advanceTimersByTime(1);
    return asked() === 1;
  });
  await arrived(client);
  vi.advanceTimersByTime(RETRY_AFTER_MS - 1);
  await arrived(client);
  expect(asked()).toBe(1);
  vi.advanceTimersByTime(BACKOFF_MS);
  await until(() => asked() === 2);
}

describe("a request that exceeds a rate is repeated after `retryAfterMs`, not before", () => {
  test.each([
    ["a message", "send", (room: Room) => room.send("hello")],
    ["a reaction", "react", (room: Room) => room.react(at(room, 1), "👍", true)],
    ["a catch-up", "history", (_, server) => server.say("r", "lost", { shown: false }) && server.say("r", "seen")],
    ["an older page", "history", (room: Room) => room.loadOlder()],
    ["a new name", "join", (room: Room) => room.rename("Ada")],
    ["a rejoin", "join", (_, server) => server.cut()],
  ] as [string, ClientFrame["action"], (room: Room, server: TestServer) => unknown][])("%s", async (_, action, act) => {
    const server = await startServer();
    for (let n = 1; n <= 60; n++) server.say("r", String(n));
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    const asked = refuseFirst(server, action, "r");
    stopTime();
    const done = act(room, server);
    await expectPatience(client, asked);
    await done;
  });

  test("an older page, unless the room was left meanwhile", async () => {
    const server = await startServer();
    for (let n = 1; n <= 60; n++) server.say("r", String(n));
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    const asked = refuseFirst(server, "history", "r");
    stopTime();
    const refused = expect(room.loadOlder()).rejects.toMatchObject({ code: "rateLimited" });
    await arrived(client);
    await room.leave();
    vi.advanceTimersByTime(RETRY_AFTER_MS + BACKOFF_MS);
    await refused;
    await arrived(client);
    expect(asked()).toBe(1);
  });

  test("the first join, also if another one follows meanwhile", async () => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    await arrived(client);
    const asked = refuseFirst(server, "join", "r");
    stopTime();
    const joining = client.join("r");
    await until(() => asked() === 1);
    await arrived(client);
    const renaming = client.join("r", { name: "Ada" });
    await expectPatience(client, asked);
    const [room] = await Promise.all([joining, renaming]);
    expect(room.you.name).toBe("Ada");
  });
});
