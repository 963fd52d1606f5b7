import { describe, expect, test, vi } from "vitest";
import { ParlorError } from "../src/errors.ts";
import type { ServerFrame } from "../src/protocol.ts";
import { timing } from "../src/timing.ts";
import { RETRY_AFTER_MS, refusal } from "./server.ts";
import { connect, startServer, stopTime, texts, until } from "./support.ts";

describe("joining a room", () => {
  test("returns one object for all joins of a room, over one connection", async () => {
    const server = await startServer();
    const client = connect(server);
    const [one, two, other] = await Promise.all([client.join("r"), client.join("r"), client.join("s")]);
    expect(one).toBe(two);
    expect(other.id).toBe("s");
    expect(server.connections.size).toBe(1);
  });

  test.each(["roomNotFound", "roomClosed", "unavailable", "tooManyRooms", "roomFull"] as const)(
    "rejects with %s if the server refuses, and can be tried again",
    async (code) => {
      const server = await startServer();
      const client = connect(server);
      server.intercept = ({ action }) => action === "join" && code;
      const refused = client.join("r");
      await expect(refused).rejects.toBeInstanceOf(ParlorError);
      await expect(refused).rejects.toMatchObject({ code, retryable: code === "unavailable" || code === "roomFull" });
      server.intercept = () => false;
      expect((await client.join("r")).joined).toBe(true);
    },
  );

  test("rejoins by itself when the server no longer counts it in", async () => {
    const server = await startServer();
    const client = connect(server);
    const room = await client.join("r");
    const again = async (forget: () => void) => {
      const joins = server.received("join").length;
      forget();
      await until(() => server.received("join").length === joins + 1 && room.joined);
    };
    const forgotten = () => {
      for (const { rooms } of server.connections) rooms.clear();
    };
    await again(() => server.broadcast({ type: "left", room: "r", reason: "leaseExpired" }));
    await again(() => {
      forgotten();
      client.checkNow();
    });
    await again(() => {
      server.intercept = ({ action }) => {
        if (action !== "send") return false;
        server.intercept = () => false;
        return "notJoined";
      };
      room.send("hello");
    });
    await until(() => room.messages[0]?.status === "sent");
  });

  test.each([
    ["the server is unavailable", "unavailable"],
    ["the room is full", "roomFull"],
  ] as const)("retries a rejoin while %s", async (_, code) => {
    const server = await startServer();
    const room = await connect(server).join("r");
    let refusals = 3;
    server.intercept = ({ action }) => action === "join" && refusals-- > 0 && code;
    server.cut();
    await until(() => server.received("join").length === 5 && room.joined);
  });

  test("ends a room that was closed meanwhile, and fails pending messages", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const left: string[] = [];
    room.on("left", (reason) => left.push(reason));
    server.intercept = ({ action }) => action === "join" && "roomClosed";
    server.cut();
    room.send("too late");
    await until(() => left.length === 1);
    expect(left).toEqual(["closed"]);
    expect(room.messages).toMatchObject([{ text: "too late", status: "failed" }]);
    room.send("much too late");
    expect(room.messages).toMatchObject([{ status: "failed" }, { text: "much too late", status: "failed" }]);
  });

  test.each([
    ["is not answered in time", undefined, "timeout"],
    ["is refused for its name", "invalidField", "invalidField"],
    ["is refused for now", "unavailable", "unavailable"],
  ] as const)("keeps the room if a second join, during a reconnect, %s", async (_, refusal, code) => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    const room = await client.join("r", { name: "Ada" });
    stopTime();
    server.intercept = (frame) => frame.action === "join" && frame.name === "Bo" && (refusal ?? true);
    let refused: Promise<string> | undefined;
    client.on("state", (state) => {
      if (state !== "waiting") return;
      refused ??= client.join("r", { name: "Bo" }).then(
        () => "joined",
        (error: ParlorError) => error.code,
      );
    });
    server.cut();
    await until(() => {
      vi.advanceTimersByTime(timing.backoffMs);
      return server.received("join").length === 2;
    });
    if (!refusal) vi.advanceTimersByTime(timing.answerMs);
    expect(await refused).toBe(code);
    await until(() => {
      vi.advanceTimersByTime(timing.backoffMs);
      return room.joined;
    });
    expect(await client.join("r")).toBe(room);
    client.checkNow();
    await client.join("s");
    server.say("r", "still here");
    await until(() => texts(room).includes("still here"));
    expect(server.received("leave")).toEqual([]);
  });

  test("ends the room when it is closed", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const left: string[] = [];
    room.on("left", (reason) => left.push(reason));
    server.broadcast({ type: "left", room: "r", reason: "closed" });
    await until(() => left.length === 1);
    expect(left).toEqual(["closed"]);
  });

  test.each(["kicked", "banned", "", "constructor"])(
    'ends the room for the unknown reason "%s", and fails pending messages',
    async (reason) => {
      const server = await startServer();
      const client = connect(server, { token: "ada" });
      const room = await client.join("r");
      const left: string[] = [];
      room.on("left", (why) => left.push(why));
      server.intercept = ({ action }) => action === "send";
      room.send("on its way");
      await until(() => server.received("send").length === 1);
      server.broadcast({ type: "left", room: "r", reason } as unknown as Extract<ServerFrame, { type: "left" }>);
      await until(() => left.length === 1);
      expect(left).toEqual([reason]);
      expect(room.messages).toMatchObject([{ status: "failed" }]);
      client.checkNow();
      server.cut();
      await client.join("s");
      expect(server.received("join").map(({ room: id }) => id)).toEqual(["r", "s"]);
      expect(await client.join("r")).not.toBe(room);
    },
  );

  test("ends the room, with the error code, if a rejoin is refused for good", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const left: string[] = [];
    room.on("left", (why) => left.push(why));
    server.intercept = ({ action }) => action === "join" && "forbidden";
    server.cut();
    await until(() => left.length === 1);
    expect(left).toEqual(["forbidden"]);
    expect(server.received("join")).toHaveLength(2);
  });

  test("does not rejoin after leaving", async () => {
    const server = await startServer();
    const client = connect(server);
    const room = await client.join("r");
    await room.leave();
    expect(server.received("leave")).toMatchObject([{ room: "r" }]);
    await expect(room.rename("Ghost")).rejects.toMatchObject({ code: "roomClosed" });
    await client.join("s");
    server.cut();
    await until(() => server.received("join").length === 3);
    expect(server.received("join").map(({ room: id }) => id)).toEqual(["r", "s", "s"]);
  });

  test.each([
    ["a join that exceeds a rate", "join", "rateLimited"],
    ["a join that is not answered in time", "join", undefined],
    ["a history request refused with notJoined", "history", "notJoined"],
  ] as const)("does not rejoin a room that was left because of %s", async (_, action, code) => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    const held: (() => void)[] = [];
    server.intercept = (frame, connection) => {
      if (frame.action !== action || frame.room !== "r") return false;
      const answer = { ...refusal(code ?? "unavailable"), ...(frame.id !== undefined && { id: frame.id }) };
      held.push(() => server.post(connection, answer));
      return true;
    };
    stopTime();
    if (action === "join") server.cut();
    else server.say("r", "lost", { shown: false }) && server.say("r", "seen");
    await until(() => {
      if (held.length === 0) vi.advanceTimersByTime(1);
      return held.length === 1;
    });
    await room.leave();
    const joins = server.received("join").length;
    if (code) for (const answer of held) answer();
    else vi.advanceTimersByTime(timing.answerMs);
    await client.join("s");
    vi.advanceTimersByTime(RETRY_AFTER_MS + timing.backoffMs);
    await client.join("t");
    const rooms = server.received("join").slice(joins);
    expect(rooms.map(({ room: id }) => id)).toEqual(["s", "t"]);
  });

  test("is not in a room that it left before the answer to its join", async () => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    let answer: (() => void) | undefined;
    server.outgoing = (frame, { socket }) => {
      if (frame.type !== "joined" || frame.room !== "r") return [frame];
      answer = () => socket.send(JSON.stringify(frame));
      return [];
    };
    server.cut();
    await until(() => answer !== undefined);
    await room.leave();
    answer?.();
    await client.join("s");
    room.sendTyping();
    await client.join("t");
    expect(server.received("typing")).toEqual([]);
  });

  test("keeps a new name over reconnects, but not a refused one", async () => {
    const server = await startServer();
    const room = await connect(server).join("r", { name: "Ada" });
    await room.rename("Grace");
    expect(room.you.name).toBe("Grace");
    server.intercept = (frame) => frame.action === "join" && frame.name === "" && "invalidField";
    await expect(room.rename("")).rejects.toMatchObject({ code: "invalidField" });
    expect(room.joined).toBe(true);
    server.cut();
    await until(() => server.received("join").length === 4);
    expect(server.received("join").at(-1)?.name).toBe("Grace");
  });

  test("rejoins under the old name if a new one is refused during a reconnect", async () => {
    const server = await startServer();
    const client = connect(server);
    const room = await client.join("r", { name: "Ada" });
    server.intercept = (frame) => frame.action === "join" && frame.name === "" && "invalidField";
    const renaming = new Promise((resolve) => {
      client.on("state", (state) => state === "waiting" && resolve(room.rename("")));
    });
    server.cut();
    await expect(renaming).rejects.toMatchObject({ code: "invalidField" });
    await until(() => room.joined);
    expect(room.you.name).toBe("Ada");
  });

  test("keeps the name that the person chose in another tab", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "me" }).join("r", { name: "Mia" });
    server.broadcast({
      type: "presence",
      room: "r",
      event: "renamed",
      people: [{ userId: "me", name: "Maya" }],
      count: 1,
    });
    await until(() => room.you.name === "Maya");
    server.cut();
    await until(() => server.received("join").length === 2);
    expect(server.received("join").at(-1)?.name).toBe("Maya");
  });
});
