import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ParlorError } from "../src/errors.ts";
import type { ClientFrame } from "../src/protocol.ts";
import { timing } from "../src/timing.ts";
import { at, connect, eventsOf, startServer, stopTime, texts, until } from "./support.ts";

const isChange = (frame: ClientFrame) =>
  frame.action === "edit" || frame.action === "delete" || frame.action === "react";

describe("changing messages", () => {
  test("edits, deletes and reacts, and shows the result", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "ada" }).join("r");
    const seen = eventsOf(room);
    for (const text of ["one", "two", "three"]) room.send(text);
    await until(() => room.messages.every(({ status }) => status === "sent"));
    expect(room.messages[0]).toMatchObject({ reactions: [] });
    await room.edit(at(room, 1), "uno");
    await room.delete(at(room, 2));
    await room.react(at(room, 3), "👍", true);
    await until(() => seen.length === 6);
    expect(seen.slice(3)).toEqual(["1 edited", "2 deleted", "3 reacted"]);
    expect(texts(room)).toEqual(["uno", "", "three"]);
    expect(room.messages).toMatchObject([
      { seq: 1, own: true, editedAt: expect.any(Number), reactions: [] },
      { seq: 2, deletedAt: expect.any(Number) },
      { seq: 3, reactions: [{ emoji: "👍", userIds: ["ada"] }] },
    ]);
    expect(room.messages[2]).not.toHaveProperty("editedAt");
    await room.react(at(room, 3), "👍", false);
    await until(() => room.messages[2]?.reactions.length === 0);
  });

  test("shows others' changes, and keeps the objects of unchanged messages", async () => {
    const server = await startServer();
    server.say("r", "one");
    server.say("r", "two");
    const room = await connect(server).join("r");
    const before = room.messages;
    server.change("r", 1, { kind: "edited", text: "uno" });
    await until(() => texts(room).includes("uno"));
    expect(room.messages[1]).toBe(before[1]);
    expect(before[0]?.text).toBe("one");
  });

  test("a refused change rejects, and the next one goes on", async () => {
    const server = await startServer();
    server.say("r", "theirs");
    const room = await connect(server, { token: "ada" }).join("r");
    const refused = [
      room.edit(at(room, 1), "mine"),
      room.delete(at(room, 7)),
      room.edit(at(room, 1), "\ud800"),
      room.edit(at(room, 1), "x".repeat(20_000)),
    ];
    const reacted = room.react(at(room, 1), "👍", true);
    const errors = (await Promise.allSettled(refused)).map((done) => done.status === "rejected" && done.reason);
    expect(errors.every((error) => error instanceof ParlorError && !error.retryable)).toBe(true);
    expect(errors.map(({ code }) => code)).toEqual(["forbidden", "messageNotFound", "invalidField", "invalidField"]);
    await reacted;
    expect(server.frames.filter(isChange)).toHaveLength(3);
  });

  test("repeats an unanswered change with the same id, before the next one", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "ada" }).join("r");
    room.send("text");
    await until(() => room.messages[0]?.status === "sent");
    let silent = 2;
    server.outgoing = (frame) => ((frame.type === "ack" || frame.type === "change") && silent-- > 0 ? [] : [frame]);
    stopTime();
    const done = Promise.all([room.edit(at(room, 1), "first"), room.edit(at(room, 1), "second")]);
    await until(() => server.received("edit").length === 1);
    vi.advanceTimersByTime(timing.answerMs + timing.backoffMs);
    await until(() => server.received("edit").length === 3);
    await done;
    const edits = server.received("edit");
    expect(edits.map(({ text }) => text)).toEqual(["first", "first", "second"]);
    expect(edits[1]?.id).toBe(edits[0]?.id);
    expect(edits[2]?.id).not.toBe(edits[0]?.id);
    expect(server.room("r").seq).toBe(3);
  });

  test("retries while the server is unavailable", async () => {
    const server = await startServer();
    server.say("r", "text");
    const room = await connect(server).join("r");
    let refusals = 3;
    server.intercept = (frame) => isChange(frame) && refusals-- > 0 && "unavailable";
    await room.react(at(room, 1), "👍", true);
    expect(new Set(server.received("react").map(({ id }) => id)).size).toBe(1);
    expect(server.received("react")).toHaveLength(4);
  });

  test("keeps a change over reconnects until it is answered, and it takes effect once", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "ada" }).join("r");
    const seen = eventsOf(room);
    room.send("text");
    await until(() => seen.length === 1);
    let cuts = 3;
    server.outgoing = (frame, { socket }) => {
      if (frame.type !== "ack" || cuts-- <= 0) return [frame];
      socket.terminate();
      return [];
    };
    await room.edit(at(room, 1), "edited");
    await until(() => seen.length === 2);
    expect(seen).toEqual(["text", "1 edited"]);
    expect(server.received("edit")).toHaveLength(4);
    expect(new Set(server.received("edit").map(({ id }) => id)).size).toBe(1);
    expect(server.room("r").seq).toBe(2);
  });

  test("sends a change that was made offline once there is a connection", async () => {
    const server = await startServer();
    server.say("r", "text");
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    client.reconnect();
    await room.react(at(room, 1), "👍", true);
    await until(() => room.messages[0]?.reactions.length === 1);
  });

  test("rejoins a room that the server no longer counts it in, and then sends the change", async () => {
    const server = await startServer();
    server.say("r", "text");
    const room = await connect(server, { token: "ada" }).join("r");
    server.intercept = (frame) => {
      if (!isChange(frame)) return false;
      server.intercept = () => false;
      return "notJoined";
    };
    await room.react(at(room, 1), "👍", true);
    expect(server.received("join")).toHaveLength(2);
  });

  test("without a token, does not repeat what may have taken effect as the former guest", async () => {
    const server = await startServer();
    server.say("r", "text");
    const room = await connect(server).join("r");
    server.intercept = (frame, { socket }) => {
      if (!isChange(frame)) return false;
      server.intercept = () => false;
      socket.terminate();
      return true;
    };
    const tried = room.react(at(room, 1), "👍", true);
    const untried = room.react(at(room, 1), "🎉", true);
    await expect(tried).rejects.toMatchObject({ code: "disconnected", retryable: false });
    await untried;
    expect(server.received("react").map(({ emoji }) => emoji)).toEqual(["👍", "🎉"]);
  });

  test("does not repeat a change whose id the server may have forgotten", async () => {
    const server = await startServer();
    server.say("r", "text");
    const room = await connect(server, { token: "ada" }).join("r");
    server.intercept = isChange;
    const tried = room.react(at(room, 1), "👍", true);
    await until(() => server.received("react").length === 1);
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 23 * 60 * 60 * 1000);
    onTestFinished(() => void vi.restoreAllMocks());
    server.cut();
    await expect(tried).rejects.toMatchObject({ code: "disconnected", retryable: false });
    expect(server.received("react")).toHaveLength(1);
  });

  test("rejects unanswered changes when the room ends, and later ones", async () => {
    const server = await startServer();
    server.say("r", "text");
    const room = await connect(server).join("r");
    server.intercept = isChange;
    const changes = [room.delete(at(room, 1)), room.react(at(room, 1), "👍", true)];
    await until(() => server.received("delete").length === 1);
    server.broadcast({ type: "left", room: "r", reason: "closed" });
    for (const change of changes) await expect(change).rejects.toMatchObject({ code: "roomClosed" });
    await expect(room.edit(at(room, 1), "late")).rejects.toMatchObject({ code: "roomClosed" });
  });

  test("fetches a change that was acknowledged but not received", async () => {
    const server = await startServer();
    server.say("r", "text");
    const room = await connect(server).join("r");
    server.outgoing = (frame) => (frame.type === "change" ? [] : [frame]);
    await room.react(at(room, 1), "👍", true);
    await until(() => room.messages[0]?.reactions.length === 1);
    expect(server.received("history")).toMatchObject([{ after: 1 }]);
  });

  test("resumes after an interruption with the changes that it missed", async () => {
    const server = await startServer();
    server.say("r", "one");
    server.say("r", "two");
    const room = await connect(server).join("r");
    const seen = eventsOf(room);
    server.cut();
    server.change("r", 1, { kind: "edited", text: "uno" });
    server.say("r", "three");
    server.change("r", 1, { kind: "edited", text: "eins" });
    server.change("r", 4, { kind: "deleted" });
    server.rename("r", "Tea");
    await until(() => seen.length === 5);
    expect(seen).toEqual(["1 edited", "", "1 edited", "4 deleted", "renamed Tea"]);
    expect(texts(room)).toEqual(["eins", "two", ""]);
    expect(room.name).toBe("Tea");
  });

  test("shows the messages of an older page with the changes made since", async () => {
    const server = await startServer();
    for (let n = 1; n <= 60; n++) server.say("r", String(n));
    const room = await connect(server).join("r");
    server.outgoing = (frame) => {
      // The page was read before the change, and arrives after it.
      if (frame.type === "history") server.change("r", 2, { kind: "edited", text: "two" });
      return [frame];
    };
    await room.loadOlder();
    expect(texts(room).slice(0, 3)).toEqual(["1", "two", "3"]);
  });
});

describe("a room's name", () => {
  test("changes for everyone in the room, with one notice each, in order", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const seen = eventsOf(room);
    const names: string[] = [];
    room.on("change", () => names.push(room.name));
    server.say("r", "before");
    server.rename("r", "Coffee");
    server.rename("r", "Tea");
    await until(() => seen.length === 3);
    expect(seen).toEqual(["before", "renamed Coffee", "renamed Tea"]);
    expect([room.name, names.at(-1)]).toEqual(["Tea", "Tea"]);
    expect(room.notices.map(({ seq, name }) => [seq, name])).toEqual([
      [2, "Coffee"],
      [3, "Tea"],
    ]);
    expect(texts(room)).toEqual(["before"]);
  });

  test("comes from the page if the room was read before it was renamed", async () => {
    const server = await startServer();
    server.rename("r", "Tea");
    server.outgoing = (frame) => (frame.type === "joined" ? [{ ...frame, name: "Coffee", topic: "Beans" }] : [frame]);
    const room = await connect(server).join("r");
    expect([room.name, room.topic]).toEqual(["Tea", undefined]);
  });
});
