import { describe, expect, test } from "vitest";
import type { ClientFrame } from "../src/protocol.ts";
import type { RoomMessage } from "../src/types.ts";
import { at, connect, eventsOf, startServer, texts, until } from "./support.ts";

const isChange = (frame: ClientFrame) =>
  frame.action === "edit" || frame.action === "delete" || frame.action === "react";

const voids = (epoch: string, seqs: number[]) => ({ type: "voids", room: "r", epoch, seqs }) as const;

describe("another epoch", () => {
  test.each([
    ["a broadcast", () => {}],
    ["a pong", (client: { checkNow(): void }) => client.checkNow()],
  ])("makes the client rejoin when %s names it, and nothing of it counts before", async (by, hear) => {
    const server = await startServer();
    for (const text of ["one", "two", "three"]) server.say("r", text);
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    const seen = eventsOf(room);
    server.rooms.delete("r");
    server.room("r").epoch = "e2";
    for (const text of ["a", "b", "c"]) server.say("r", text, { shown: false });
    server.say("r", "d", { shown: by === "a broadcast" });
    hear(client);
    await until(() => seen.length === 1);
    expect(seen).toEqual(["discontinuity"]);
    expect([texts(room), room.epoch]).toEqual([["a", "b", "c", "d"], "e2"]);
    expect(server.received("history")).toEqual([]);
  });

  test("that is over changes nothing", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "ada" }).join("r");
    const seen = eventsOf(room);
    server.broadcast({ type: "message", ...server.say("r", "old", { shown: false }), epoch: "e0", seq: 9 });
    server.say("r", "new");
    await until(() => texts(room).length === 2 && room.joined);
    expect(seen).toEqual(["old", "new"]);
  });

  test.each([
    ["knows the new epoch", true],
    ["does not know the new epoch yet", false],
  ])("does not change a message with the number of an older one, if the client %s", async (_, heard) => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    room.send("old");
    await until(() => room.messages[0]?.status === "sent");
    const [message] = room.messages as [RoomMessage];
    server.rooms.delete("r");
    server.room("r").epoch = "e2";
    server.outgoing = (frame) => (heard || frame.type !== "message" ? [frame] : []);
    const other = await connect(server, { token: "ada" }).join("r");
    other.send("new");
    await until(() => other.messages[0]?.status === "sent");
    if (heard) await until(() => room.epoch === "e2");
    const changes = [room.edit(message, "edited"), room.delete(message), room.react(message, "👍", true)];
    for (const change of changes) await expect(change).rejects.toMatchObject({ code: "messageNotFound" });
    expect(server.frames.filter(isChange).every(({ epoch }) => epoch === "e1")).toBe(true);
    expect(server.room("r").messages.get(1)).toMatchObject({ text: "new", epoch: "e2" });
    expect(server.room("r").seq).toBe(1);
  });

  test("does not change a message that is not sent yet", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    server.intercept = ({ action }) => action === "send";
    room.send("on its way");
    await expect(room.edit(room.messages[0] ?? {}, "edited")).rejects.toMatchObject({ code: "messageNotFound" });
  });

  test("gives up a change when the room is cleared: its number would name another message", async () => {
    const server = await startServer();
    server.say("r", "old");
    const room = await connect(server, { token: "ada" }).join("r");
    server.intercept = ({ action }) => action === "react";
    const asked = room.react(at(room, 1), "👍", true);
    await until(() => server.received("react").length === 1);
    expect(server.received("react")).toMatchObject([{ seq: 1, epoch: "e1" }]);
    server.cut();
    server.rooms.delete("r");
    server.room("r").epoch = "e2";
    server.say("r", "new");
    await expect(asked).rejects.toMatchObject({ code: "messageNotFound" });
    await until(() => room.epoch === "e2");
    expect(server.received("react").length).toBe(1);
  });

  test("ignores a number of another epoch in the ack of a change", async () => {
    const server = await startServer();
    server.say("r", "hello");
    const room = await connect(server, { token: "ada" }).join("r");
    server.intercept = (frame, connection) => {
      if (frame.action !== "react") return false;
      server.post(connection, { type: "ack", room: "r", epoch: "e0", id: frame.id, seq: 500, at: 0 });
      return true;
    };
    await room.react(at(room, 1), "👍", true);
    server.say("r", "after");
    await until(() => texts(room).includes("after"));
    server.say("r", "and on", { shown: false });
    server.say("r", "until here");
    await until(() => texts(room).includes("until here"));
    // One request for the gap, which closes it.
    expect(server.received("history").length).toBe(1);
  });

  test("starts again, with a discontinuity, when the room was cleared meanwhile", async () => {
    const server = await startServer();
    for (const text of ["old", "older", "oldest"]) server.say("r", text);
    const room = await connect(server).join("r");
    const seen = eventsOf(room);
    server.cut();
    server.rooms.delete("r");
    server.room("r").epoch = "e2";
    server.say("r", "new");
    await until(() => seen.includes("discontinuity"));
    expect([texts(room), room.epoch]).toEqual([["new"], "e2"]);
    server.say("r", "newer");
    await until(() => seen.includes("newer"));
  });

  test("makes the client rejoin when a `voids` frame names it", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    server.rooms.delete("r");
    server.room("r").epoch = "e2";
    server.say("r", "new", { shown: false });
    server.broadcast(voids("e2", [1]));
    await until(() => texts(room).includes("new"));
  });

  test("ignores a number of another epoch in the ack of a message", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    server.intercept = (frame, connection) => {
      if (frame.action !== "send") return false;
      server.post(connection, { type: "ack", room: "r", epoch: "e0", id: frame.id, seq: 7, at: 0 });
      return true;
    };
    room.send("said before the room was cleared");
    await until(() => room.messages.length === 0);
    await until(() => server.received("join").length === 2);
    server.say("r", "after");
    await until(() => texts(room).includes("after"));
    expect(room.messages).toMatchObject([{ seq: 1 }]);
    expect(server.received("history")).toEqual([]);
  });
});
