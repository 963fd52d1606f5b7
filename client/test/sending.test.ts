import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Room } from "../src/room.ts";
import { timing } from "../src/timing.ts";
import { connect, startServer, stopTime, texts, until } from "./support.ts";

const statuses = (room: Room) => room.messages.map(({ text, status }) => `${text} ${status}`);

describe("sending", () => {
  test("shows a message at once as pending, then as sent, once", async () => {
    const server = await startServer();
    const room = await connect(server).join("r", { name: "Ada" });
    const id = room.send("hello");
    expect(room.messages).toMatchObject([{ id, text: "hello", own: true, status: "pending", from: { name: "Ada" } }]);
    await until(() => room.messages[0]?.status === "sent");
    expect(room.messages).toMatchObject([{ id, seq: 1, own: true }]);
  });

  test.each(["ack", "message"] as const)(
    "needs either the acknowledgement or the broadcast, not the %s",
    async (lost) => {
      const server = await startServer();
      server.outgoing = (frame) => (frame.type === lost ? [] : [frame]);
      const room = await connect(server).join("r");
      room.send("one");
      room.send("two");
      await until(() => room.messages.every(({ status }) => status === "sent"));
      expect(room.messages.map(({ text, seq }) => [text, seq])).toEqual([
        ["one", 1],
        ["two", 2],
      ]);
      expect(server.received("send")).toHaveLength(2);
    },
  );

  test("repeats a message with the same id when no answer comes, and shows it once", async () => {
    const server = await startServer();
    let silent = 2;
    server.outgoing = (frame) => ((frame.type === "ack" || frame.type === "message") && silent-- > 0 ? [] : [frame]);
    stopTime();
    const room = await connect(server).join("r");
    const id = room.send("hello");
    await until(() => server.received("send").length === 1);
    vi.advanceTimersByTime(timing.answerMs + timing.backoffMs);
    await until(() => room.messages[0]?.status === "sent");
    expect(server.received("send").map((frame) => frame.id)).toEqual([id, id]);
    expect(server.room("r").messages.size).toBe(1);
    expect(texts(room)).toEqual(["hello"]);
  });

  test("repeats it over a reconnect too, and shows it once", async () => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    server.outgoing = (frame, { socket }) => {
      if (frame.type !== "message") return [frame];
      server.outgoing = (any) => (any.type === "joined" ? [{ ...any, to: 0, events: [] }] : [any]);
      socket.terminate();
      return [];
    };
    room.send("hello");
    await until(() => room.messages[0]?.status === "sent");
    const sends = server.received("send");
    expect(sends.map(({ id }) => id)).toEqual([sends[0]?.id, sends[0]?.id]);
    expect(texts(room)).toEqual(["hello"]);
    expect(server.room("r").messages.size).toBe(1);
  });

  test("finds its message among what it missed instead of repeating it", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "ada" }).join("r");
    server.outgoing = (frame, { socket }) => {
      if (frame.type !== "message") return [frame];
      server.outgoing = (any) => [any];
      socket.terminate();
      return [];
    };
    room.send("hello");
    await until(() => room.messages[0]?.status === "sent");
    expect(server.received("send")).toHaveLength(1);
  });

  test("does not repeat as another guest what may have arrived", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    server.intercept = ({ action }, { socket }) => {
      if (action !== "send") return false;
      server.intercept = () => false;
      socket.terminate();
      return true;
    };
    room.send("uncertain");
    room.send("not tried");
    await until(() => statuses(room).includes("not tried sent"));
    expect(statuses(room)).toEqual(["not tried sent", "uncertain failed"]);
  });

  test("keeps what is said while offline, and sends it in order", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "ada" }).join("r");
    server.cut();
    for (const text of ["one", "two", "three"]) room.send(text);
    expect(statuses(room)).toEqual(["one pending", "two pending", "three pending"]);
    await until(() => room.messages.every(({ status }) => status === "sent"));
    expect(room.messages.map(({ text, seq }) => [text, seq])).toEqual([
      ["one", 1],
      ["two", 2],
      ["three", 3],
    ]);
  });

  test("sends what an earlier page kept with the id that it had, once, whoever else has sent it", async () => {
    const server = await startServer();
    const one = await connect(server, { token: "ada" }).join("r");
    const two = await connect(server, { token: "ada" }).join("r");
    const told: string[] = [];
    for (const [name, room] of Object.entries({ one, two })) {
      room.on("delivery", ({ id, status }) => told.push(`${name} ${id} ${status}`));
    }
    for (const room of [one, two, one])
      expect(room.send("kept", { id: "kept-1", at: 5, triedAt: Date.now() })).toBe("kept-1");
    await until(() => told.length === 2);
    expect(two.send("kept", { id: "kept-1" })).toBe("kept-1");
    expect(told.sort()).toEqual(["one kept-1 sent", "two kept-1 sent", "two kept-1 sent"]);
    for (const room of [one, two]) expect(statuses(room)).toEqual(["kept sent"]);
    expect(server.room("r").messages.size).toBe(1);
  });

  test("tells nothing of what is on its way when the room is left, and that it failed when the room is closed", async () => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    const told: string[] = [];
    server.intercept = ({ action }) => action === "send";
    for (const id of ["left", "closed"]) {
      const room = await client.join(id);
      room.on("delivery", ({ status }) => told.push(`${id} ${status}`));
      room.send("on its way");
      if (id === "left") await room.leave();
      else server.broadcast({ type: "left", room: id, reason: "closed" });
    }
    await until(() => told.length === 3);
    expect(told).toEqual(["left trying", "closed trying", "closed failed"]);
  });

  test("waits little for a retry again once a message was acknowledged", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const waits: number[] = [];
    vi.spyOn(Math, "random").mockReturnValue(1);
    onTestFinished(() => void vi.restoreAllMocks());
    const realSetTimeout = globalThis.setTimeout;
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((retry: () => void, delay: number) => {
      if (delay < timing.answerMs) waits.push(delay);
      return realSetTimeout(retry, delay);
    }) as typeof setTimeout);
    let refusals = 0;
    server.intercept = ({ action }) => action === "send" && refusals-- > 0 && "unavailable";
    for (const text of ["one", "two"]) {
      refusals = 3;
      room.send(text);
      await until(() => statuses(room).includes(`${text} sent`));
    }
    expect(waits).toEqual([5, 10, 20, 5, 10, 20]);
  });

  test("has one message under way at a time", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    let release = () => {};
    server.outgoing = (frame, connection) => {
      if (frame.type !== "ack" && frame.type !== "message") return [frame];
      const next = release;
      release = () => {
        next();
        connection.socket.send(JSON.stringify(frame));
      };
      return [];
    };
    room.send("one");
    room.send("two");
    await until(() => server.frames.length === 2);
    expect(server.received("send").map(({ text }) => text)).toEqual(["one"]);
    server.outgoing = (frame) => [frame];
    release();
    await until(() => statuses(room).join() === "one sent,two sent");
  });

  test("shows an acknowledged message last while one before it is missing", async () => {
    const server = await startServer();
    const room = await connect(server, {}, { gapMs: 60_000 }).join("r");
    const missing = server.say("r", "missing", { shown: false });
    server.outgoing = (frame) => (frame.type === "message" ? [] : [frame]);
    room.send("mine");
    await until(() => room.messages[0]?.status === "sent");
    server.outgoing = (frame) => [frame];
    server.broadcast({ type: "message", ...missing });
    await until(() => room.messages.length === 2);
    expect(statuses(room)).toEqual(["missing sent", "mine sent"]);
  });

  test("does not show as new what turns out to be older than the page it has", async () => {
    const server = await startServer();
    server.recoverable = 0;
    const room = await connect(server, { token: "ada" }).join("r");
    server.outgoing = (frame, { socket }) => {
      if (frame.type !== "message") return [frame];
      server.outgoing = (any) => [any];
      socket.terminate();
      for (let n = 1; n <= 60; n++) server.say("r", String(n), { shown: false });
      return [];
    };
    room.send("mine");
    await until(() => server.received("send").length === 2 && room.messages.length === 50);
    expect(texts(room).includes("mine")).toBe(false);
    await room.loadOlder();
    expect(statuses(room)[0]).toBe("mine sent");
    expect(texts(room).filter((text) => text === "mine")).toHaveLength(1);
  });

  test("a lost acknowledgement of one message does not disturb the next", async () => {
    const server = await startServer();
    stopTime();
    const client = connect(server);
    const room = await client.join("r");
    server.intercept = (frame, connection) => {
      if (frame.action !== "send" || frame.text !== "one") return frame.action === "send";
      server.post(connection, {
        type: "message",
        ...server.say("r", "one", { shown: false }),
        id: frame.id,
        from: connection.you,
      });
      return true;
    };
    room.send("one");
    vi.advanceTimersByTime(timing.answerMs / 2);
    room.send("two");
    await until(() => server.received("send").length === 2);
    vi.advanceTimersByTime(timing.answerMs - 1);
    client.checkNow();
    await until(() => server.received("ping").length === 1);
    expect(server.received("send")).toHaveLength(2);
    server.intercept = () => false;
    vi.advanceTimersByTime(timing.backoffMs);
    await until(() => statuses(room).join() === "one sent,two sent");
    expect(server.received("send").map(({ text }) => text)).toEqual(["one", "two", "two"]);
  });

  test("fails what is refused and goes on with the next; a retry is a new message", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    server.intercept = (frame) => frame.action === "send" && frame.text === "bad" && "invalidField";
    const id = room.send("bad");
    room.send("good");
    await until(() => statuses(room).join() === "good sent,bad failed");
    expect(room.messages[1]).toMatchObject({ id, error: { code: "invalidField" } });
    server.intercept = () => false;
    room.retry(id);
    await until(() => statuses(room).join() === "good sent,bad sent");
    expect(server.received("send").at(-1)?.id).not.toBe(id);
  });

  test("a failed message can be discarded", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    server.intercept = ({ action }) => action === "send" && "forbidden";
    const id = room.send("bad");
    await until(() => room.messages[0]?.status === "failed");
    room.discard(id);
    expect(room.messages).toEqual([]);
  });

  test("tries again when the server is unavailable for a moment", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    let refusals = 3;
    server.intercept = ({ action }) => action === "send" && refusals-- > 0 && "unavailable";
    room.send("hello");
    await until(() => room.messages[0]?.status === "sent");
    expect(new Set(server.received("send").map(({ id }) => id)).size).toBe(1);
  });

  test.each([
    ["a text that is not valid Unicode", "\ud800", "not valid Unicode"],
    ["a text that fits no frame", "\u0001".repeat(4_000), "too long"],
  ])("fails %s without asking: the refusal could not name it", async (_, text, error) => {
    const server = await startServer();
    const room = await connect(server).join("r");
    room.send(text);
    expect(room.messages).toMatchObject([{ status: "failed", error: { message: expect.stringContaining(error) } }]);
    expect(server.received("send")).toEqual([]);
  });

  test("keeps pending messages when too much was missed", async () => {
    const server = await startServer();
    server.recoverable = 0;
    const room = await connect(server, { token: "ada" }).join("r");
    let discontinuities = 0;
    room.on("discontinuity", () => discontinuities++);
    server.cut();
    server.say("r", "missed");
    room.send("mine");
    await until(() => statuses(room).join() === "missed sent,mine sent");
    expect(discontinuities).toBe(1);
  });
});
