import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { ParlorClient } from "../src/client.ts";
import { timing } from "../src/timing.ts";
import { CHANGEOVER_MS, changingOver, holdBack, NEVER } from "./changing-over.ts";
import { type Connection, RETRY_AFTER_MS } from "./server.ts";
import { connect, startServer, stopTime, until } from "./support.ts";

describe("a changeover that fails", () => {
  test.each([
    ["cannot open", (connection: Connection) => connection.socket.terminate()],
    ["cannot join", () => "unavailable" as const],
    ["is unknown to the server", () => "connectionExpired" as const],
    ["is in too many rooms", () => "tooManyRooms" as const],
    ["finds the room full", () => "roomFull" as const],
  ])("keeps the old socket if the new one %s, and tries again", async (_, fails) => {
    const server = await startServer();
    const { room, old, seen, start, isDone } = await changingOver(server, "r");
    let failures = 3;
    server.intercept = ({ action }, connection) => {
      if (action !== "join" || failures-- <= 0) return false;
      return fails(connection) ?? true;
    };
    start();
    await until(() => {
      vi.advanceTimersByTime(1);
      return failures === 0;
    });
    expect(server.connections.has(old)).toBe(true);
    room.send("still here");
    await until(() => room.messages[0]?.status === "sent");
    await until(() => {
      vi.advanceTimersByTime(1);
      return isDone();
    });
    server.say("r", "over the new one");
    await until(() => seen.length === 2);
    expect(seen).toEqual(["still here", "over the new one"]);
  });

  test("waits longer before each attempt", async () => {
    const server = await startServer();
    const { room, old, start } = await changingOver(server, "r");
    vi.spyOn(Math, "random").mockReturnValue(1);
    onTestFinished(() => void vi.restoreAllMocks());
    server.intercept = ({ action }, connection) => action === "join" && connection !== old && "unavailable";
    const attempts = () => server.received("join").length - 1;
    start();
    await until(() => attempts() === 1 && server.connections.size === 1);
    for (const [at, delay] of [5, 10, 20, 20].entries()) {
      vi.advanceTimersByTime(delay - 1);
      room.send(String(at));
      await until(() => room.messages.length === at + 1 && room.messages[at]?.status === "sent");
      expect(attempts()).toBe(at + 1);
      vi.advanceTimersByTime(1);
      await until(() => attempts() === at + 2 && server.connections.size === 1);
    }
  });

  test("waits as long as the server says when a join over the new socket exceeds a rate", async () => {
    const server = await startServer();
    let sockets = 0;
    class Counted extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets++;
      }
    }
    const options = { token: "ada", heartbeatMs: NEVER, WebSocket: Counted };
    stopTime();
    await connect(server, options, { changeoverMs: [CHANGEOVER_MS, CHANGEOVER_MS] }).join("r");
    const [old] = server.connections;
    const joins = () => server.received("join").length;
    server.intercept = ({ action }) => action === "join" && joins() === 2 && "rateLimited";
    vi.advanceTimersByTime(CHANGEOVER_MS);
    await until(() => joins() === 2 && server.connections.size === 1);
    vi.advanceTimersByTime(RETRY_AFTER_MS - 1);
    expect(sockets).toBe(2);
    vi.advanceTimersByTime(timing.backoffMs);
    await until(() => sockets === 3);
    await until(() => joins() === 3 && server.connections.size === 1);
    expect([...server.connections]).not.toContain(old);
  });

  test("gives way to a reconnect when the old socket breaks", async () => {
    const server = await startServer();
    const { room, old, seen, start } = await changingOver(server, "r");
    const { held } = holdBack(server, old);
    start();
    await until(() => held() === 1);
    server.outgoing = (frame) => [frame];
    old.socket.terminate();
    await until(() => {
      vi.advanceTimersByTime(1);
      return seen.includes("open") && room.joined;
    });
    server.say("r", "again");
    await until(() => seen.length === 4);
    expect(seen).toEqual(["waiting", "connecting", "open", "again"]);
    await until(() => server.connections.size === 1);
  });

  test("ends when the client is closed", async () => {
    const server = await startServer();
    const { client, old, start } = await changingOver(server, "r");
    const { held } = holdBack(server, old);
    start();
    await until(() => held() === 1);
    (client as ParlorClient).close();
    await until(() => server.connections.size === 0);
    vi.advanceTimersByTime(10 * CHANGEOVER_MS);
    expect(client.state).toBe("closed");
    expect(vi.getTimerCount()).toBe(0);
  });
});
