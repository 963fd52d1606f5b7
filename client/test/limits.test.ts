import { describe, expect, test, vi } from "vitest";
import type { ParlorClient } from "../src/client.ts";
import type { ClientFrame } from "../src/protocol.ts";
import type { Room } from "../src/room.ts";
import { RATE_LIMIT_MS, type TestServer } from "./server.ts";
import { at, connect, startServer, stopTime, until } from "./support.ts";

/** More than the backoff that is added to what the server says. */
const BACKOFF_MS = 100;

/** Lets the first frame of this action about the room exceed a rate; tells how many have come from here on. */
function refuseFirst(server: TestServer, action: ClientFrame["action"], roomId: string): () => number {
  let asked = 0;
  server.intercept = (frame) => {
    const isIt = frame.action === action && "room" in frame && frame.room === roomId;
    return isIt && ++asked === 1 && "rateLimited";
  };
  return () => asked;
}

/** What either side has sent by now has arrived: frames come in order. */
async function arrived(client: ParlorClient): Promise<void> {
  const elsewhere = await client.join("elsewhere");
  await elsewhere.leave();
}

/** It was refused once, and is repeated when the server said, not before. */
async function expectPatience(client: ParlorClient, asked: () => number): Promise<void> {
  await until(() => {
    if (asked() === 0) vi.advanceTimersByTime(1);
    return asked() === 1;
  });
  await arrived(client);
  vi.advanceTimersByTime(RATE_LIMIT_MS - 1);
  await arrived(client);
  expect(asked()).toBe(1);
  vi.advanceTimersByTime(BACKOFF_MS);
  await until(() => asked() === 2);
}

describe("what exceeds a rate is repeated, but not before the server said", () => {
  test.each([
    ["a message", "send", (room: Room) => room.send("hello")],
    ["a reaction", "react", (room: Room) => room.react(at(room, 1), "👍", true)],
    ["what is missing", "history", (_, server) => server.say("r", "lost", { shown: false }) && server.say("r", "seen")],
    ["what is older", "history", (room: Room) => room.loadOlder()],
    ["another name", "join", (room: Room) => room.rename("Ada")],
    ["the way back into a room", "join", (_, server) => server.cut()],
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

  test("what is older, unless the room was left meanwhile", async () => {
    const server = await startServer();
    for (let n = 1; n <= 60; n++) server.say("r", String(n));
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    const asked = refuseFirst(server, "history", "r");
    stopTime();
    const refused = expect(room.loadOlder()).rejects.toMatchObject({ code: "rateLimited" });
    await arrived(client);
    await room.leave();
    vi.advanceTimersByTime(RATE_LIMIT_MS + BACKOFF_MS);
    await refused;
    await arrived(client);
    expect(asked()).toBe(1);
  });

  test("the first way into a room, whoever else asks meanwhile", async () => {
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
