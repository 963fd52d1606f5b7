import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { ParlorClient } from "../src/client.ts";
import type { Room } from "../src/room.ts";
import { timing } from "../src/timing.ts";
import { type Connection, RATE_LIMIT_MS, type TestServer } from "./server.ts";
import { at, connect, seededRandom, startServer, stopTime, texts, until } from "./support.ts";

const AGE = 1_000;
const NEVER = 1_000_000_000;
const bob = { userId: "bob", name: "Bob" };
const zoe = { userId: "zoe", name: "Zoe" };

/** A client whose sockets are replaced when the test calls `grow`, and everything that its application is told. */
async function aging(server: TestServer, ...rooms: string[]) {
  stopTime();
  const client = connect(server, { token: "ada", heartbeatMs: NEVER }, { changeoverMs: [AGE, AGE] });
  const joined = await Promise.all(rooms.map((id) => client.join(id)));
  const [room] = joined as [Room];
  const [old] = server.connections as Iterable<Connection> as [Connection];
  const told: string[] = [];
  client.on("state", (state) => told.push(state));
  for (const each of joined) {
    each.on("message", ({ text }) => told.push(text));
    each.on("changed", ({ kind }) => told.push(kind));
    each.on("presence", ({ event, people }) => told.push(`${people.map(({ name }) => name)} ${event}`));
    each.on("discontinuity", () => told.push("discontinuity"));
    each.on("left", (reason) => told.push(reason));
  }
  const grow = () => vi.advanceTimersByTime(AGE);
  const isOver = () => server.connections.size === 1 && !server.connections.has(old);
  return { client, room, rooms: joined, old, told, grow, isOver };
}

/** Keeps answers to joins over a connection other than `old` back, of all rooms or one, until `release` lets them go. */
function holdBack(server: TestServer, old: Connection, room?: string): { held(): number; release(): void } {
  const held: (() => void)[] = [];
  server.outgoing = (frame, connection) => {
    const isIt = connection !== old && frame.type === "joined" && (room ?? frame.room) === frame.room;
    if (!isIt) return [frame];
    held.push(() => connection.socket.send(JSON.stringify(frame)));
    return [];
  };
  return {
    held: () => held.length,
    release: () => {
      server.outgoing = (frame) => [frame];
      for (const send of held) send();
    },
  };
}

describe("a planned changeover", () => {
  test("comes at a random moment in the last quarter of the two hours that a socket has", async () => {
    const server = await startServer();
    const delays: (number | undefined)[] = [];
    const realSetTimeout = globalThis.setTimeout;
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((due: () => void, delay?: number) => {
      if ((delay ?? 0) > timing.backoffCapMs) delays.push(delay);
      return realSetTimeout(due, delay);
    }) as typeof setTimeout);
    const random = vi.spyOn(Math, "random");
    onTestFinished(() => void vi.restoreAllMocks());
    for (const moment of [0, 0.5, 0.999]) {
      random.mockReturnValue(moment);
      await connect(server, { token: "ada" }).join("r");
    }
    // Without a token the next socket would be another person.
    await connect(server).join("r");
    const minutes = delays.map((delay) => Math.round((delay ?? 0) / 60_000));
    expect(minutes).toEqual([90, 104, 118]);
  });

  test("joins all rooms over a new socket from where they are, and nobody notices", async () => {
    const server = await startServer();
    server.say("r", "before");
    const { rooms, client, told, grow, isOver } = await aging(server, "r", "s");
    grow();
    await until(isOver);
    expect(server.received("join").slice(2)).toMatchObject([
      { room: "r", since: { epoch: "e1", seq: 1 } },
      { room: "s", since: { epoch: "e1", seq: 0 } },
    ]);
    for (const { id } of rooms) server.say(id, `in ${id}`);
    await until(() => told.length === 2);
    expect(told).toEqual(["in r", "in s"]);
    expect(client.state).toBe("open");
    grow();
    await until(() => server.received("join").length === 6);
  });

  test("goes on receiving and asking over the old socket until the new one is ready", async () => {
    const server = await startServer();
    const { room, old, told, grow, isOver } = await aging(server, "r");
    const { held, release } = holdBack(server, old);
    grow();
    await until(() => held() === 1);
    server.say("r", "over both");
    room.send("asked");
    await until(() => told.length === 2 && room.messages.every(({ status }) => status === "sent"));
    release();
    await until(isOver);
    server.say("r", "over the new one");
    await until(() => told.length === 3);
    expect(told).toEqual(["over both", "asked", "over the new one"]);
    expect(server.received("history")).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5])(
    "shows everything once and in order, whichever socket brings or loses it (%i)",
    async (seed) => {
      const server = await startServer();
      const random = seededRandom(seed);
      const { client, room, rooms, told, grow, isOver } = await aging(server, "r", "s");
      server.outgoing = (frame) => {
        const lasting = frame.type === "message" || frame.type === "change";
        return !lasting || random() < 0.5 ? [frame] : random() < 0.5 ? [] : [frame, frame];
      };
      grow();
      for (let n = 1; !isOver(); n++) {
        const { seq } = server.say("r", String(n));
        if (n % 3 === 0) server.change("r", seq, { kind: "edited", text: `edited ${n}` });
        if (n % 5 === 0) room.send(`mine ${n}`);
        await new Promise(setImmediate);
      }
      server.outgoing = (frame) => [frame];
      client.checkNow();
      // The pong has come before any time passes.
      await client.join("later");
      const { events, messages } = server.room("r");
      const all = () => {
        vi.advanceTimersByTime(2 * timing.gapMs);
        return told.length === events.size && room.messages.every(({ status }) => status === "sent");
      };
      await until(all);
      const expected = [...events.values()].map((event) => (event.type === "change" ? event.kind : undefined));
      expect(told.map((what) => (what === "edited" ? what : undefined))).toEqual(expected);
      expect(room.messages.map(({ seq, text }) => [seq, text])).toEqual(
        [...messages.values()].sort((a, b) => a.seq - b.seq).map(({ seq, text }) => [seq, text]),
      );
      expect(rooms[1]?.messages).toEqual([]);
    },
  );

  test("asks again over the new socket, with the same id, what the old one did not answer", async () => {
    const server = await startServer();
    for (let n = 1; n <= 60; n++) server.say("r", String(n));
    const { room, old, grow, isOver } = await aging(server, "r");
    server.outgoing = (frame, connection) => (connection === old && frame.type !== "joined" ? [] : [frame]);
    room.send("mine");
    const asked = [room.react(at(room, 60), "👍", true), room.loadOlder()];
    await until(() => server.frames.length === 4);
    grow();
    await Promise.all(asked);
    await until(() => isOver() && room.messages.at(-1)?.status === "sent");
    for (const action of ["send", "react", "history"] as const) {
      const ids = server.received(action).map(({ id }) => id);
      expect(ids).toEqual([ids[0], ids[0]]);
    }
    expect(texts(room).filter((text) => text === "mine")).toHaveLength(1);
    expect(room.messages[59]?.reactions).toEqual([{ emoji: "👍", userIds: ["ada"] }]);
    expect(room.messages).toHaveLength(61);
  });

  test.each([
    ["cannot open", (connection: Connection) => connection.socket.terminate()],
    ["cannot join", () => "unavailable" as const],
    ["is not known to the server", () => "connectionExpired" as const],
    ["is in too many rooms", () => "tooManyRooms" as const],
    ["finds the room full", () => "roomFull" as const],
  ])("keeps the old socket while the new one %s, and tries again", async (_, fails) => {
    const server = await startServer();
    const { room, old, told, grow, isOver } = await aging(server, "r");
    let failures = 3;
    server.intercept = ({ action }, connection) => {
      if (action !== "join" || failures-- <= 0) return false;
      return fails(connection) ?? true;
    };
    grow();
    await until(() => {
      vi.advanceTimersByTime(1);
      return failures === 0;
    });
    expect(server.connections.has(old)).toBe(true);
    room.send("still here");
    await until(() => room.messages[0]?.status === "sent");
    await until(() => {
      vi.advanceTimersByTime(1);
      return isOver();
    });
    server.say("r", "over the new one");
    await until(() => told.length === 2);
    expect(told).toEqual(["still here", "over the new one"]);
  });

  test("waits longer before each further attempt", async () => {
    const server = await startServer();
    const { room, old, grow } = await aging(server, "r");
    vi.spyOn(Math, "random").mockReturnValue(1);
    onTestFinished(() => void vi.restoreAllMocks());
    server.intercept = ({ action }, connection) => action === "join" && connection !== old && "unavailable";
    const attempts = () => server.received("join").length - 1;
    grow();
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

  test("is not tried again before the server said, when joining over the new socket exceeds a rate", async () => {
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
    await connect(server, options, { changeoverMs: [AGE, AGE] }).join("r");
    const [old] = server.connections;
    const joins = () => server.received("join").length;
    server.intercept = ({ action }) => action === "join" && joins() === 2 && "rateLimited";
    vi.advanceTimersByTime(AGE);
    await until(() => joins() === 2 && server.connections.size === 1);
    vi.advanceTimersByTime(RATE_LIMIT_MS - 1);
    expect(sockets).toBe(2);
    vi.advanceTimersByTime(timing.backoffMs);
    await until(() => sockets === 3);
    await until(() => joins() === 3 && server.connections.size === 1);
    expect([...server.connections]).not.toContain(old);
  });

  test("is given up when the old socket breaks: then everything connects again", async () => {
    const server = await startServer();
    const { room, old, told, grow } = await aging(server, "r");
    const { held } = holdBack(server, old);
    grow();
    await until(() => held() === 1);
    server.outgoing = (frame) => [frame];
    old.socket.terminate();
    await until(() => {
      vi.advanceTimersByTime(1);
      return told.includes("open") && room.joined;
    });
    server.say("r", "again");
    await until(() => told.length === 4);
    expect(told).toEqual(["waiting", "connecting", "open", "again"]);
    await until(() => server.connections.size === 1);
  });

  test("tells once who comes and goes, and does not show anybody twice or away", async () => {
    const server = await startServer();
    const { room, old, told, grow, isOver } = await aging(server, "r");
    const counts: number[] = [];
    const presence = (event: "joined" | "left", person: typeof bob, count: number) =>
      server.broadcast({ type: "presence", room: "r", event, people: [person], count });
    const { held, release } = holdBack(server, old);
    grow();
    await until(() => held() === 1);
    presence("joined", bob, 2);
    presence("joined", zoe, 3);
    presence("left", bob, 2);
    await until(() => told.length === 3);
    room.on("change", () => counts.push(room.count));
    release();
    await until(isOver);
    server.say("r", "over the new one");
    await until(() => told.length === 4);
    presence("joined", bob, 3);
    await until(() => room.count === 3);
    expect(told).toEqual(["Bob joined", "Zoe joined", "Bob left", "over the new one", "Bob joined"]);
    expect(room.people.map(({ name }) => name)).toEqual(["Bob", "Guest", "Zoe"]);
    expect(counts.filter((count, at) => count !== counts[at - 1])).toEqual([2, 3]);
  });

  test("takes along a name that is changed after its room has changed over", async () => {
    const server = await startServer();
    const { room, old, grow, isOver } = await aging(server, "r", "s");
    const { held, release } = holdBack(server, old, "s");
    grow();
    await until(() => held() === 1);
    await room.rename("Ada");
    release();
    await until(isOver);
    expect([...server.connections].map(({ you }) => you.name)).toEqual(["Ada"]);
    expect(room.you.name).toBe("Ada");
  });

  test("takes along a room that is joined, and a name that is changed, while it goes on", async () => {
    const server = await startServer();
    const { client, room, old, grow, isOver } = await aging(server, "r");
    const { held, release } = holdBack(server, old);
    grow();
    await until(() => held() === 1);
    const late = await client.join("s");
    await room.rename("Ada");
    release();
    await until(isOver);
    const [connection] = server.connections;
    expect([...(connection?.rooms ?? [])].sort()).toEqual(["r", "s"]);
    expect([connection?.you.name, room.you.name, late.joined]).toEqual(["Ada", "Ada", true]);
  });

  test("leaves over the new socket, too, what was left while it went on", async () => {
    const server = await startServer();
    const { client, rooms, old, grow, isOver } = await aging(server, "r", "s");
    const { held, release } = holdBack(server, old);
    grow();
    await until(() => held() === 1);
    await rooms[0]?.leave();
    let shown = 0;
    rooms[0]?.on("change", () => shown++);
    release();
    await until(isOver);
    client.checkNow();
    await until(() => [...server.connections].every((connection) => [...connection.rooms].join() === "s"));
    expect(shown).toBe(0);
  });

  test("does not join again what was left while its name was changed", async () => {
    const server = await startServer();
    const { room, old, grow, isOver } = await aging(server, "r", "s");
    const { held, release } = holdBack(server, old, "r");
    grow();
    await until(() => held() === 1);
    room.rename("Grace").catch(() => {});
    await room.leave();
    const joins = () => server.received("join").filter(({ room: id }) => id === "r").length;
    const before = joins();
    release();
    await until(isOver);
    expect(joins()).toBe(before);
  });

  test("finds out that a room was closed, and takes the others along", async () => {
    const server = await startServer();
    const { rooms, told, grow, isOver } = await aging(server, "r", "s");
    server.intercept = (frame) => frame.action === "join" && frame.room === "r" && "roomClosed";
    grow();
    await until(isOver);
    server.say("s", "still open");
    await until(() => rooms[1]?.messages.length === 1);
    expect(told).toEqual(["closed", "still open"]);
  });

  test("ends with the client", async () => {
    const server = await startServer();
    const { client, old, grow } = await aging(server, "r");
    const { held } = holdBack(server, old);
    grow();
    await until(() => held() === 1);
    (client as ParlorClient).close();
    await until(() => server.connections.size === 0);
    vi.advanceTimersByTime(10 * AGE);
    expect(client.state).toBe("closed");
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("what the browser says about the network is believed at once", async () => {
  const server = await startServer();
  const { client, room, told } = await aging(server, "r");
  client.reconnect();
  expect([client.state, room.joined]).toEqual(["waiting", false]);
  client.checkNow();
  await until(() => room.joined);
  expect(told).toEqual(["waiting", "connecting", "open"]);
});
