import { describe, expect, test, vi } from "vitest";
import { ParlorError } from "../src/errors.ts";
import type { ServerFrame } from "../src/protocol.ts";
import type { Room } from "../src/room.ts";
import { timing } from "../src/timing.ts";
import { RATE_LIMIT_MS, refusal } from "./server.ts";
import { connect, startServer, stopTime, texts, until } from "./support.ts";

const bob = { userId: "bob", name: "Bob" };
const zoe = { userId: "zoe", name: "Zoe" };

describe("being in a room", () => {
  test("one room object serves all who join it, over one connection", async () => {
    const server = await startServer();
    const client = connect(server);
    const [one, two, other] = await Promise.all([client.join("r"), client.join("r"), client.join("s")]);
    expect(one).toBe(two);
    expect(other.id).toBe("s");
    expect(server.connections.size).toBe(1);
  });

  test.each(["roomNotFound", "roomClosed", "unavailable", "tooManyRooms", "roomFull"] as const)(
    "a join that is refused with %s says so, and can be tried again",
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

  test("joins again by itself when the server has forgotten it", async () => {
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
  ] as const)("tries to come back while %s", async (_, code) => {
    const server = await startServer();
    const room = await connect(server).join("r");
    let refusals = 3;
    server.intercept = ({ action }) => action === "join" && refusals-- > 0 && code;
    server.cut();
    await until(() => server.received("join").length === 5 && room.joined);
  });

  test("is out of a room that was closed meanwhile, and fails what was on its way", async () => {
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
  ] as const)("stays in its room when a second join, on the way back, %s", async (_, refusal, code) => {
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

  test("is told when the room is closed", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const left: string[] = [];
    room.on("left", (reason) => left.push(reason));
    server.broadcast({ type: "left", room: "r", reason: "closed" });
    await until(() => left.length === 1);
    expect(left).toEqual(["closed"]);
  });

  test.each(["kicked", "banned", "", "constructor"])(
    'is out for good for the reason "%s", which it does not know, and fails what was on its way',
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

  test("is out for good when the way back is refused for good, and says why", async () => {
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

  test("leaves for good", async () => {
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
    ["a join that is refused for a rate", "join", "rateLimited"],
    ["a join that is not answered in time", "join", undefined],
    ["a page that is refused to who is not there", "history", "notJoined"],
  ] as const)("does not come back to a room that was left because of %s", async (_, action, code) => {
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
    vi.advanceTimersByTime(RATE_LIMIT_MS + timing.backoffMs);
    await client.join("t");
    const rooms = server.received("join").slice(joins);
    expect(rooms.map(({ room: id }) => id)).toEqual(["s", "t"]);
  });

  test("is not in a room that it left before its join was answered", async () => {
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

  test("a new name is kept over reconnects, a refused one is not", async () => {
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

  test("a name that is refused on the way back does not keep it out", async () => {
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

  test("follows who comes, goes and changes their name", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "me" }).join("r", { name: "Mia" });
    const seen: string[] = [];
    room.on("presence", ({ event, people }) => seen.push(`${people.map(({ name }) => name)} ${event}`));
    const names = () => room.people.map(({ name }) => name).join();
    server.broadcast({ type: "presence", room: "r", event: "joined", people: [zoe], count: 2 });
    server.broadcast({ type: "presence", room: "r", event: "joined", people: [bob], count: 3 });
    await until(() => room.count === 3);
    expect(names()).toBe("Bob,Mia,Zoe");
    server.broadcast({ type: "presence", room: "r", event: "renamed", people: [{ ...bob, name: "Zac" }], count: 3 });
    server.broadcast({ type: "presence", room: "r", event: "left", people: [zoe], count: 2 });
    await until(() => room.count === 2);
    expect(names()).toBe("Mia,Zac");
    server.broadcast({ type: "presence", room: "r", event: "joined", people: [zoe, bob], count: 3 });
    await until(() => room.count === 3);
    expect(names()).toBe("Bob,Mia,Zoe");
    server.broadcast({ type: "presence", room: "r", event: "left", people: [bob, zoe], count: 1 });
    await until(() => room.count === 1);
    expect(names()).toBe("Mia");
    expect(seen).toEqual(["Zoe joined", "Bob joined", "Zac renamed", "Zoe left", "Zoe,Bob joined", "Bob,Zoe left"]);
  });

  describe("in a room whose pongs say who is there", () => {
    async function company() {
      const server = await startServer();
      server.others.set("r", [bob, zoe]);
      server.say("r", "before");
      const client = connect(server, { token: "me" });
      const room = await client.join("r", { name: "Mia" });
      const seen: string[] = [];
      room.on("discontinuity", () => seen.push("discontinuity"));
      const ping = async () => {
        const pings = server.received("ping").length;
        client.checkNow();
        await until(() => server.received("ping").length === pings + 1);
        // Answered after the ping.
        await room.react(room.messages[0] ?? {}, "👍", pings % 2 === 0);
      };
      const joins = () => server.received("join").length;
      return { server, room, seen, ping, joins };
    }
    const names = ({ people }: Room) => people.map(({ name }) => name).join();

    test.each([
      ["leaving", [zoe], "Mia,Zoe"],
      ["coming", [bob, zoe, { userId: "kim", name: "Kim" }], "Mia,Bob,Zoe,Kim"],
      ["other name", [{ ...bob, name: "Rob" }, zoe], "Mia,Rob,Zoe"],
    ])(
      "a %s that was not told is noticed by the second pong that differs, and nothing else changes",
      async (_, now, shown) => {
        const { server, room, seen, ping, joins } = await company();
        server.others.set("r", now);
        await ping();
        expect([joins(), names(room)]).toEqual([1, "Mia,Bob,Zoe"]);
        await ping();
        await until(() => joins() === 2 && room.joined);
        expect([names(room), room.count]).toEqual([shown, now.length + 1]);
        await ping();
        await ping();
        expect(joins()).toBe(2);
        expect([texts(room), seen]).toEqual([["before"], []]);
      },
    );

    test("it waits one pong longer after each presence frame, which may not be the last one on its way", async () => {
      const { server, room, ping, joins } = await company();
      server.others.set("r", []);
      await ping();
      server.broadcast({ type: "presence", room: "r", event: "left", people: [bob], count: 2 });
      await until(() => room.count === 2);
      await ping();
      expect(joins()).toBe(1);
      await ping();
      await until(() => joins() === 2 && room.count === 1);
    });

    test("one pong that differs between others that do not is no reason", async () => {
      const { server, ping, joins } = await company();
      for (const others of [[zoe], [bob, zoe], [bob], [zoe, bob]]) {
        server.others.set("r", others);
        await ping();
      }
      server.others.delete("r");
      for (const _ of [1, 2]) await ping();
      expect(joins()).toBe(1);
    });
  });

  test("keeps the name that the same person chose in another tab", async () => {
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

  test("shows who is typing until they say something, go, or stop", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    stopTime();
    const names = () => room.typing.map(({ name }) => name).join();
    const types = (from: typeof bob) => server.broadcast({ type: "typing", room: "r", from });
    types(bob);
    types(zoe);
    await until(() => names() === "Bob,Zoe");
    server.broadcast({ type: "presence", room: "r", event: "left", people: [zoe], count: 1 });
    await until(() => names() === "Bob");
    server.broadcast({ type: "message", room: "r", epoch: "e1", seq: 1, id: "1", from: bob, text: "hi", at: 1 });
    await until(() => names() === "");
    types(zoe);
    await until(() => names() === "Zoe");
    vi.advanceTimersByTime(4_999);
    expect(names()).toBe("Zoe");
    vi.advanceTimersByTime(1);
    expect(names()).toBe("");
  });

  test("tells that one is typing at most once in 3 seconds, and again after saying something", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const now = vi.spyOn(Date, "now").mockReturnValue(1_000_000);
    for (let key = 0; key < 5; key++) room.sendTyping();
    now.mockReturnValue(1_003_000);
    room.sendTyping();
    now.mockRestore();
    room.send("done");
    room.sendTyping();
    await until(() => texts(room).includes("done") && server.received("typing").length >= 3);
    expect(server.received("typing")).toHaveLength(3);
  });
});
