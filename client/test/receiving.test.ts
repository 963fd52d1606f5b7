import { describe, expect, test } from "vitest";
import type { LogEvent, ServerFrame } from "../src/protocol.ts";
import { connect, eventsOf, startServer, texts, until } from "./support.ts";

const voids = (epoch: string, seqs: number[]) => ({ type: "voids", room: "r", epoch, seqs }) as const;

describe("receiving", () => {
  test("starts with the newest page, and adds new messages", async () => {
    const server = await startServer();
    server.say("r", "before");
    const room = await connect(server).join("r", { name: "Ada" });
    expect(room).toMatchObject({ name: "Room r", count: 1, epoch: "e1", hasOlder: false, you: { name: "Ada" } });
    const seen = eventsOf(room);
    server.say("r", "after");
    await until(() => room.messages.length === 2);
    expect(texts(room)).toEqual(["before", "after"]);
    expect(seen).toEqual(["after"]);
    expect(room.messages[1]).toMatchObject({ seq: 2, own: false, status: "sent", from: { name: "Someone" } });
  });

  test("sorts messages that come out of order, and drops duplicates", async () => {
    const server = await startServer();
    const room = await connect(server, {}, { gapMs: 60_000 }).join("r");
    const seen = eventsOf(room);
    const held: ServerFrame[] = [];
    server.outgoing = (frame) => {
      held.push(frame);
      return held.length < 3 ? [] : [...held].reverse().flatMap((late) => [late, late]);
    };
    for (const text of ["one", "two", "three"]) server.say("r", text);
    await until(() => seen.length === 3);
    expect(seen).toEqual(["one", "two", "three"]);
    expect(texts(room)).toEqual(seen);
    expect(server.received("history")).toEqual([]);
  });

  test("fetches the missing events of a gap, and skips voids", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const seen = eventsOf(room);
    server.say("r", "lost", { shown: false });
    server.voidNumber("r");
    server.say("r", "seen");
    await until(() => seen.length === 2);
    expect(seen).toEqual(["lost", "seen"]);
    expect(server.received("history")).toMatchObject([{ room: "r", after: 0 }]);
  });

  test.each([
    ["with the next event", true],
    ["by themselves", false],
  ])("requests nothing for voids that come %s", async (_, together) => {
    const server = await startServer();
    const client = connect(server, {}, { gapMs: 60_000 });
    const room = await client.join("r");
    for (let n = 1; n <= 2; n++) server.voidNumber("r");
    if (!together) server.broadcast(voids("e1", [1, 2]));
    const said = server.say("r", "seen", { shown: false });
    server.broadcast({ type: "message", ...said, ...(together && { voids: [1, 2] }) });
    await until(() => texts(room).includes("seen"));
    // The newest number is a void: the pong names no other.
    server.voidNumber("r");
    server.broadcast(voids("e1", [4]));
    client.checkNow();
    server.say("r", "after");
    await until(() => texts(room).includes("after"));
    expect(server.received("history")).toEqual([]);
  });

  test("fetches page after page until nothing is missing", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    for (let n = 1; n <= 250; n++) server.say("r", String(n), { shown: false });
    server.say("r", "251");
    await until(() => room.messages.length === 251);
    expect(texts(room)).toEqual(Array.from({ length: 251 }, (_, at) => String(at + 1)));
    expect(server.received("history").map(({ after }) => after)).toEqual([0, 100, 200]);
  });

  test("fetches again while a number is still open", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    let asked = 0;
    server.outgoing = (frame) =>
      frame.type === "history" && ++asked < 3 ? [{ ...frame, to: 0, events: [] }] : [frame];
    server.say("r", "slow", { shown: false });
    server.say("r", "fast");
    await until(() => room.messages.length === 2);
    expect(texts(room)).toEqual(["slow", "fast"]);
  });

  test("fetches what the answer to a join says is still missing", async () => {
    const server = await startServer();
    server.outgoing = (frame) => (frame.type === "joined" ? [{ ...frame, to: 0, events: [] }] : [frame]);
    server.say("r", "slow");
    const room = await connect(server).join("r");
    await until(() => room.messages.length === 1);
  });

  test("finds a lost message with the next pong", async () => {
    const server = await startServer();
    const client = connect(server);
    const room = await client.join("r");
    server.say("r", "lost", { shown: false });
    client.checkNow();
    await until(() => room.messages.length === 1);
  });

  test("keeps a message that overtakes the answer to the join", async () => {
    const server = await startServer();
    server.outgoing = (frame, { socket }) => {
      if (frame.type !== "joined") return [frame];
      const early = { type: "message" as const, ...server.say("r", "early", { shown: false }) };
      socket.send(JSON.stringify(early));
      return [frame];
    };
    const room = await connect(server).join("r");
    expect(texts(room)).toEqual(["early"]);
  });

  test("resumes after an interruption with every missed message, in order", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const seen = eventsOf(room);
    server.say("r", "one");
    await until(() => seen.length === 1);
    server.cut();
    server.say("r", "two");
    server.say("r", "three");
    await until(() => seen.length === 3);
    expect(seen).toEqual(["one", "two", "three"]);
    expect(texts(room)).toEqual(seen);
    expect(server.received("join").at(-1)?.since).toEqual({ epoch: "e1", seq: 1 });
  });

  test("starts again, with a discontinuity, if too much was missed", async () => {
    const server = await startServer();
    server.recoverable = 1;
    server.say("r", "old");
    const room = await connect(server).join("r");
    const seen = eventsOf(room);
    server.cut();
    for (let n = 1; n <= 60; n++) server.say("r", String(n));
    await until(() => seen.includes("discontinuity"));
    expect(seen).toEqual(["discontinuity"]);
    expect(texts(room)).toEqual(Array.from({ length: 50 }, (_, at) => String(at + 11)));
    expect(room.hasOlder).toBe(true);
    await room.loadOlder();
    expect(texts(room).slice(0, 2)).toEqual(["old", "1"]);
    expect(room.hasOlder).toBe(false);
  });

  test("no longer shows an own message that was behind a gap and is older than the new page", async () => {
    const server = await startServer();
    server.recoverable = 10;
    server.intercept = ({ action }) => action === "history";
    const room = await connect(server, { token: "ada" }).join("r");
    server.say("r", "before", { shown: false });
    room.send("mine");
    await until(() => room.messages[0]?.status === "sent");
    for (let n = 1; n <= 60; n++) server.say("r", String(n), { shown: false });
    const seen = eventsOf(room);
    server.cut();
    await until(() => seen.includes("discontinuity"));
    expect(texts(room)).toEqual(Array.from({ length: 50 }, (_, at) => String(at + 11)));
    server.intercept = () => false;
    await room.loadOlder();
    expect(texts(room).slice(0, 2)).toEqual(["before", "mine"]);
  });

  test("emits nothing more once a listener has left the room in the middle of a page", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const seen = eventsOf(room);
    room.on("left", () => seen.push("left"));
    room.on("message", ({ text }) => {
      if (text === "two") void room.leave();
    });
    for (const text of ["one", "two", "three"]) server.say("r", text, { shown: false });
    server.say("r", "four");
    await until(() => seen.includes("left"));
    expect(seen).toEqual(["one", "two", "left"]);
  });

  test("takes no message for the answer to a request, whatever its id", async () => {
    const server = await startServer();
    const client = connect(server);
    const room = await client.join("r");
    server.intercept = ({ action }) => action === "join";
    const joining = client.join("s");
    await until(() => server.received("join").length === 2);
    const id = server.received("join").at(-1)?.id ?? "";
    server.broadcast({ type: "message", ...server.say("r", "hello", { shown: false }), id });
    await until(() => texts(room).includes("hello"));
    client.close();
    await expect(joining).rejects.toMatchObject({ code: "disconnected" });
  });

  test("ignores frames, events and fields of a later protocol, but counts their numbers", async () => {
    const server = await startServer();
    const later = (frame: object) => frame as ServerFrame & LogEvent;
    const poll = (seq: number) => later({ type: "poll", room: "r", epoch: "e1", seq, question: "Tea?" });
    server.room("r").events.set(++server.room("r").seq, poll(1));
    server.say("r", "before");
    server.outgoing = (frame) => [later({ ...frame, mood: "new" })];
    const room = await connect(server).join("r");
    const seen = eventsOf(room);
    server.room("r").events.set(++server.room("r").seq, poll(3));
    for (const frame of [poll(3), later({ type: "promoted", room: "r", person: null }), later({ type: "poll" })]) {
      for (const connection of server.connections) server.post(connection, frame);
    }
    server.say("r", "after");
    await until(() => seen.length === 1);
    expect(texts(room)).toEqual(["before", "after"]);
    expect([room.name, room.notices]).toEqual(["Room r", []]);
  });

  test("fetches by history what does not fit the answer to a join", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "ada" }).join("r");
    const seen = eventsOf(room);
    server.cut();
    for (let n = 1; n <= 250; n++) server.say("r", String(n));
    server.outgoing = (frame) =>
      frame.type === "joined" ? [{ ...frame, to: 70, events: frame.events.filter(({ seq }) => seq <= 70) }] : [frame];
    await until(() => seen.length === 250);
    expect(seen).toEqual(Array.from({ length: 250 }, (_, at) => String(at + 1)));
    expect(texts(room)).toEqual(seen);
    expect(server.received("history").map(({ after }) => after)).toEqual([70, 170]);
  });

  test("loads older pages up to the first number, over pages of voids", async () => {
    const server = await startServer();
    server.say("r", "first");
    for (let n = 0; n < 120; n++) server.voidNumber("r");
    const room = await connect(server).join("r");
    expect([texts(room), room.hasOlder]).toEqual([[], true]);
    await room.loadOlder();
    expect([texts(room), room.hasOlder]).toEqual([["first"], false]);
  });

  test("rejects with the reason if older messages cannot be loaded", async () => {
    const server = await startServer();
    for (let n = 0; n < 60; n++) server.say("r", "text");
    const room = await connect(server).join("r");
    server.intercept = ({ action }) => action === "history" && "unavailable";
    await expect(room.loadOlder()).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });
});
