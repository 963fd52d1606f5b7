import { describe, expect, test, vi } from "vitest";
import { timing } from "../src/timing.ts";
import { connect, startServer, statuses, stopTime, texts, until } from "./support.ts";

describe("sending", () => {
  test("shows a message at once as pending, and then once as sent", async () => {
    const server = await startServer();
    const room = await connect(server).join("r", { name: "Ada" });
    const id = room.send("hello");
    expect(room.messages).toMatchObject([{ id, text: "hello", own: true, status: "pending", from: { name: "Ada" } }]);
    await until(() => room.messages[0]?.status === "sent");
    expect(room.messages).toMatchObject([{ id, seq: 1, own: true }]);
  });

  test.each(["ack", "message"] as const)(
    "needs only one of the acknowledgement and the message, not the %s",
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

  test("repeats an unanswered message with the same id, and shows it once", async () => {
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

  test("repeats a message over a reconnect, and shows it once", async () => {
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

  test("does not repeat a message that it finds among the missed ones", async () => {
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

  test("does not repeat, as another guest, a message that may have arrived", async () => {
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

  test("keeps messages while offline, and sends them in order", async () => {
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

  test("sends a stored message under its id, once, even if another tab has sent it", async () => {
    const server = await startServer();
    const one = await connect(server, { token: "ada" }).join("r");
    const two = await connect(server, { token: "ada" }).join("r");
    const seen: string[] = [];
    for (const [name, room] of Object.entries({ one, two })) {
      room.on("delivery", ({ id, status }) => seen.push(`${name} ${id} ${status}`));
    }
    for (const room of [one, two, one])
      expect(room.send("kept", { id: "kept-1", at: 5, triedAt: Date.now() })).toBe("kept-1");
    await until(() => seen.length === 2);
    expect(two.send("kept", { id: "kept-1" })).toBe("kept-1");
    expect(seen.sort()).toEqual(["one kept-1 sent", "two kept-1 sent", "two kept-1 sent"]);
    for (const room of [one, two]) expect(statuses(room)).toEqual(["kept sent"]);
    expect(server.room("r").messages.size).toBe(1);
  });

  test("reports pending messages as failed if the room is closed, but not if it is left", async () => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    const seen: string[] = [];
    server.intercept = ({ action }) => action === "send";
    for (const id of ["left", "closed"]) {
      const room = await client.join(id);
      room.on("delivery", ({ status }) => seen.push(`${id} ${status}`));
      room.send("on its way");
      if (id === "left") await room.leave();
      else server.broadcast({ type: "left", room: id, reason: "closed" });
    }
    await until(() => seen.length === 3);
    expect(seen).toEqual(["left trying", "closed trying", "closed failed"]);
  });

  test("sends one message at a time", async () => {
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

  test("shows an acknowledged message last while an earlier one is missing", async () => {
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

  test("does not show an acknowledged message as new if it is older than the page", async () => {
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

  test("is not disturbed by the lost acknowledgement of an earlier message", async () => {
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

  test("keeps pending messages over a discontinuity", async () => {
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
