import { describe, expect, onTestFinished, test, vi } from "vitest";
import { timing } from "../src/timing.ts";
import { connect, startServer, stopTime, texts, until } from "./support.ts";

describe("the connection", () => {
  test("offers the token as a subprotocol, and none without a token", async () => {
    const server = await startServer();
    await connect(server, { token: "abc.def" }).join("r");
    await connect(server).join("r");
    expect([...server.connections].map(({ protocols }) => protocols)).toEqual([["parlor.v1", "token.abc.def"], [""]]);
  });

  test("reports its state, and the time of the next attempt", async () => {
    const server = await startServer();
    const client = connect(server);
    const states: string[] = [];
    client.on("state", (state) => {
      states.push(state);
      expect(client.retryAt !== undefined).toBe(state === "waiting");
    });
    expect(client.state).toBe("closed");
    await client.join("r");
    server.cut();
    await until(() => states.length === 5);
    client.close();
    expect(states).toEqual(["connecting", "open", "waiting", "connecting", "open", "closed"]);
  });

  test("retries until the server is there", async () => {
    const server = await startServer();
    const client = connect(server, { webSocketUrl: "ws://127.0.0.1:1" }, { answerMs: 60_000 });
    const states: string[] = [];
    client.on("state", (state) => states.push(state));
    const joining = client.join("r");
    await until(() => states.filter((state) => state === "waiting").length >= 3);
    client.close();
    await expect(joining).rejects.toMatchObject({ code: "disconnected" });
  });

  test("waits longer after each short connection, and starts again with the first delay after a long one", async () => {
    const server = await startServer();
    vi.spyOn(Math, "random").mockReturnValue(1);
    vi.spyOn(Date, "now").mockReturnValue(0);
    onTestFinished(() => void vi.restoreAllMocks());
    stopTime();
    const client = connect(server);
    const room = await client.join("r");
    const delays: (number | undefined)[] = [];
    for (const lasted of [0, 0, 0, timing.stableMs - 1, timing.stableMs, 0]) {
      vi.advanceTimersByTime(lasted);
      server.cut();
      await until(() => client.state === "waiting");
      delays.push(client.retryAt);
      vi.advanceTimersByTime(client.retryAt ?? 0);
      await until(() => room.joined);
    }
    expect(delays).toEqual([5, 10, 20, 20, 5, 10]);
  });

  test("connects at once when the network is back", async () => {
    const server = await startServer();
    const random = vi.spyOn(Math, "random").mockReturnValue(1);
    const client = connect(server, {}, { backoffMs: 600_000, backoffCapMs: 600_000 });
    const room = await client.join("r");
    server.cut();
    await until(() => client.state === "waiting");
    random.mockRestore();
    client.checkNow();
    await until(() => room.joined);
  });

  test("connects at once when a listener of `state` asks for it", async () => {
    const server = await startServer();
    const client = connect(server);
    const states: string[] = [];
    await client.join("r");
    client.on("state", (state) => {
      states.push(state);
      if (state === "waiting") client.checkNow();
    });
    stopTime();
    server.cut();
    await until(() => states.includes("open"));
    vi.advanceTimersByTime(timing.backoffCapMs);
    expect(states).toEqual(["waiting", "connecting", "open"]);
  });

  test("reconnects when a ping times out", async () => {
    const server = await startServer();
    server.intercept = ({ action }, { socket }) => {
      if (action === "ping") socket.pause();
      return action === "ping";
    };
    stopTime();
    const room = await connect(server, { heartbeatMs: 30_000 }).join("r");
    vi.advanceTimersByTime(30_000);
    await until(() => server.received("ping").length === 1);
    vi.advanceTimersByTime(timing.answerMs + timing.backoffMs);
    await until(() => server.received("join").length === 2 && room.joined);
  });

  test("stays after one unanswered ping if frames come, and reconnects after two", async () => {
    const server = await startServer();
    server.intercept = ({ action }) => {
      if (action === "ping") server.say("r", "still here");
      return action === "ping";
    };
    stopTime();
    const room = await connect(server, { heartbeatMs: 30_000 }).join("r");
    vi.advanceTimersByTime(timing.answerMs);
    for (const ping of [1, 2]) {
      vi.advanceTimersByTime(30_000 - timing.answerMs);
      await until(() => room.messages.length === ping);
      expect(server.received("join").length).toBe(1);
      vi.advanceTimersByTime(timing.answerMs);
    }
    vi.advanceTimersByTime(timing.backoffMs);
    await until(() => server.received("join").length === 2 && room.joined);
  });

  test("repeats a ping soon if it is refused for now, before a lease ends", async () => {
    const server = await startServer();
    let refusals = 2;
    server.intercept = ({ action }) => action === "ping" && refusals-- > 0 && "unavailable";
    stopTime();
    const client = connect(server, { heartbeatMs: 30_000 });
    await client.join("r");
    vi.advanceTimersByTime(30_000);
    await until(() => {
      vi.advanceTimersByTime(1);
      return server.received("ping").length === 3;
    });
    expect(client.state).toBe("open");
  });

  test("opens another socket if one does not open in time", async () => {
    const server = await startServer();
    const client = connect(server);
    const states: string[] = [];
    client.on("state", (state) => states.push(state));
    stopTime();
    const joining = client.join("r");
    vi.advanceTimersByTime(timing.answerMs + timing.backoffMs);
    expect((await joining).joined).toBe(true);
    expect(states).toEqual(["connecting", "waiting", "connecting", "open"]);
  });

  test("reconnects when the server no longer knows the connection", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "ada" }).join("r");
    server.intercept = ({ action }) => {
      if (action !== "send") return false;
      server.intercept = () => false;
      return "connectionExpired";
    };
    room.send("hello");
    await until(() => room.messages[0]?.status === "sent");
    expect(server.received("join")).toHaveLength(2);
  });

  test("ignores frames that are not the protocol's", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    for (const { socket } of server.connections) {
      for (const frame of ["", "not JSON", "null", "[]", '{"message":"Forbidden"}', '{"type":"later"}'])
        socket.send(frame);
    }
    server.say("r", "hello");
    await until(() => texts(room).includes("hello"));
  });

  test("can be used again after the client was closed", async () => {
    const server = await startServer();
    const client = connect(server);
    const room = await client.join("r");
    const left: string[] = [];
    room.on("left", (reason) => left.push(reason));
    client.close();
    expect([client.state, left]).toEqual(["closed", ["left"]]);
    await until(() => server.connections.size === 0);
    expect((await client.join("r")).joined).toBe(true);
  });
});
