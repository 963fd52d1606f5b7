import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { timing } from "../src/timing.ts";
import type { Connection, TestServer } from "./server.ts";
import { connect, startServer, stopTime, texts, until } from "./support.ts";

const HOUR = 60 * 60 * 1000;

/** A client in a room. `drop` loses all frames of its connection, in both directions, without closing it. */
async function joined(server: TestServer) {
  stopTime();
  const client = connect(server, { token: "ada", heartbeatMs: HOUR });
  const room = await client.join("r");
  const [old] = server.connections as Iterable<Connection> as [Connection];
  const states: string[] = [];
  client.on("state", (state) => states.push(state));
  const drop = () => {
    server.intercept = (_, connection) => connection === old;
    server.outgoing = (frame, connection) => (connection === old ? [] : [frame]);
  };
  return { client, room, old, states, drop };
}

describe("checking the connection", () => {
  test("replaces a dead socket, and shows missed messages once and in order", async () => {
    const server = await startServer();
    const { client, room, states, drop } = await joined(server);
    const seen: string[] = [];
    room.on("message", ({ text }) => seen.push(text));
    drop();
    const missed = ["one", "two", "three"];
    for (const text of missed) server.say("r", text);
    // Several browser events report the same wake-up.
    for (let event = 0; event < 3; event++) client.checkNow();
    await until(() => server.received("ping").length === 1);
    vi.advanceTimersByTime(timing.checkMs - 1);
    expect(states).toEqual([]);
    vi.advanceTimersByTime(1);
    await until(() => seen.length === missed.length);
    expect([seen, texts(room)]).toEqual([missed, missed]);
    expect(states).toEqual(["waiting", "connecting", "open"]);
    expect(server.received("ping")).toHaveLength(1);
  });

  test("does not end with a frame that was buffered during the sleep", async () => {
    const server = await startServer();
    const { client, room, old, drop } = await joined(server);
    drop();
    client.checkNow();
    const buffered = server.say("r", "buffered", { shown: false });
    old.socket.send(JSON.stringify({ type: "message", ...buffered }));
    await until(() => texts(room).includes("buffered"));
    server.say("r", "missed");
    vi.advanceTimersByTime(timing.checkMs);
    expect(client.state).toBe("open");
    vi.advanceTimersByTime(timing.checkMs);
    await until(() => texts(room).includes("missed"));
    expect(texts(room)).toEqual(["buffered", "missed"]);
  });

  test.each([
    ["the pong comes", undefined],
    ["the ping is refused", "rateLimited"],
  ] as const)("keeps the socket when %s, and allows another check", async (_, code) => {
    const server = await startServer();
    const { client, states } = await joined(server);
    for (const pings of [1, 2]) {
      server.intercept = ({ action }) => action === "ping" && (code ?? false);
      client.checkNow();
      await until(() => server.received("ping").length === pings);
      server.intercept = () => false;
      // Answers come in order.
      await client.join(`later ${pings}`);
      vi.advanceTimersByTime(2 * timing.checkMs);
    }
    expect(states).toEqual([]);
  });

  test("keeps a socket that still receives frames, until the pong times out", async () => {
    const server = await startServer();
    const { client, room } = await joined(server);
    server.intercept = ({ action }) => action === "ping";
    client.checkNow();
    for (let n = 1; n <= 3; n++) {
      server.say("r", String(n));
      await until(() => texts(room).length === n);
      vi.advanceTimersByTime(timing.checkMs);
      expect(client.state).toBe("open");
    }
    vi.advanceTimersByTime(timing.answerMs);
    server.say("r", "still here");
    await until(() => texts(room).length === 4);
    expect(server.received("join")).toHaveLength(1);
  });

  test.each(["send", "edit"] as const)(
    "starts by itself when a %s gets no answer and no frame comes",
    async (action) => {
      const server = await startServer();
      const { client, room, states, drop } = await joined(server);
      room.send("first");
      await until(() => room.messages[0]?.status === "sent");
      drop();
      if (action === "send") room.send("hello");
      else void room.edit({ epoch: room.epoch, seq: 1 }, "hello");
      await until(() => server.received(action).some(({ text }) => text === "hello"));
      vi.advanceTimersByTime(timing.answerMs);
      await until(() => server.received("ping").length === 1);
      expect(client.state).toBe("open");
      vi.advanceTimersByTime(timing.checkMs);
      await until(() => room.messages.some(({ text, status }) => text === "hello" && status === "sent"));
      expect(states).toEqual(["waiting", "connecting", "open"]);
    },
  );

  test("keeps a socket that only lost a message", async () => {
    const server = await startServer();
    const { client, room, states } = await joined(server);
    server.intercept = ({ action }) => action === "send";
    room.send("hello");
    await until(() => server.received("send").length === 1);
    server.intercept = () => false;
    vi.advanceTimersByTime(timing.answerMs);
    await until(() => server.received("ping").length === 1);
    // Its answer comes after the pong.
    await client.join("later");
    vi.advanceTimersByTime(2 * timing.checkMs);
    await until(() => room.messages[0]?.status === "sent");
    expect(states).toEqual([]);
  });

  test("does not start by itself while frames come, nor before the server's first answer", async () => {
    const server = await startServer();
    const { client, room, states } = await joined(server);
    server.intercept = ({ action }) => action === "send" || action === "join";
    room.send("hello");
    await until(() => server.received("send").length === 1);
    server.say("r", "still here");
    await until(() => texts(room).includes("still here"));
    vi.advanceTimersByTime(timing.answerMs);
    server.cut();
    await until(() => client.state === "waiting");
    client.checkNow();
    await until(() => server.received("join").length === 2);
    vi.advanceTimersByTime(timing.answerMs);
    vi.advanceTimersByTime(timing.backoffMs);
    await until(() => server.received("join").length === 3);
    expect(server.received("ping")).toEqual([]);
    expect(states).toEqual(["waiting", "connecting", "open"]);
  });

  test("replaces a socket that was opening before the sleep", async () => {
    const server = await startServer();
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    let sockets = 0;
    class FirstHangs extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(++sockets === 1 ? `ws://127.0.0.1:${port}` : url, protocols);
      }
    }
    stopTime();
    const client = connect(server, { WebSocket: FirstHangs });
    const joining = client.join("r");
    await once(silent, "connection");
    client.checkNow();
    vi.advanceTimersByTime(timing.checkMs);
    expect((await joining).joined).toBe(true);
    expect(sockets).toBe(2);
  });

  test("does nothing if the client is not connected or closed", async () => {
    const server = await startServer();
    const { client } = await joined(server);
    client.checkNow();
    client.close();
    client.checkNow();
    connect(server).checkNow();
    vi.advanceTimersByTime(HOUR);
    await until(() => server.connections.size === 0);
    expect(client.state).toBe("closed");
  });
});
