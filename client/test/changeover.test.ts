import { describe, expect, onTestFinished, test, vi } from "vitest";
import { timing } from "../src/timing.ts";
import { changingOver, holdBack } from "./changing-over.ts";
import { at, connect, seededRandom, startServer, texts, until } from "./support.ts";

const bob = { userId: "bob", name: "Bob" };
const zoe = { userId: "zoe", name: "Zoe" };

describe("a planned changeover", () => {
  test("comes at a random time in the last quarter of a socket's two hours", async () => {
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

  test("joins every room over a new socket from its position, without an event", async () => {
    const server = await startServer();
    server.say("r", "before");
    const { rooms, client, seen, start, isDone } = await changingOver(server, "r", "s");
    start();
    await until(isDone);
    expect(server.received("join").slice(2)).toMatchObject([
      { room: "r", since: { epoch: "e1", seq: 1 } },
      { room: "s", since: { epoch: "e1", seq: 0 } },
    ]);
    for (const { id } of rooms) server.say(id, `in ${id}`);
    await until(() => seen.length === 2);
    expect(seen).toEqual(["in r", "in s"]);
    expect(client.state).toBe("open");
    start();
    await until(() => server.received("join").length === 6);
  });

  test("keeps receiving and sending over the old socket until the new one is ready", async () => {
    const server = await startServer();
    const { room, old, seen, start, isDone } = await changingOver(server, "r");
    const { held, release } = holdBack(server, old);
    start();
    await until(() => held() === 1);
    server.say("r", "over both");
    room.send("asked");
    await until(() => seen.length === 2 && room.messages.every(({ status }) => status === "sent"));
    release();
    await until(isDone);
    server.say("r", "over the new one");
    await until(() => seen.length === 3);
    expect(seen).toEqual(["over both", "asked", "over the new one"]);
    expect(server.received("history")).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5])(
    "shows everything once and in order, whichever socket delivers or loses it (seed %i)",
    async (seed) => {
      const server = await startServer();
      const random = seededRandom(seed);
      const { client, room, rooms, seen, start, isDone } = await changingOver(server, "r", "s");
      server.outgoing = (frame) => {
        const lasting = frame.type === "message" || frame.type === "change";
        return !lasting || random() < 0.5 ? [frame] : random() < 0.5 ? [] : [frame, frame];
      };
      start();
      for (let n = 1; !isDone(); n++) {
        const { seq } = server.say("r", String(n));
        if (n % 3 === 0) server.change("r", seq, { kind: "edited", text: `edited ${n}` });
        if (n % 5 === 0) room.send(`mine ${n}`);
        await new Promise(setImmediate);
      }
      server.outgoing = (frame) => [frame];
      client.checkNow();
      // Its answer comes after the pong.
      await client.join("later");
      const { events, messages } = server.room("r");
      const all = () => {
        vi.advanceTimersByTime(2 * timing.gapMs);
        return seen.length === events.size && room.messages.every(({ status }) => status === "sent");
      };
      await until(all);
      const expected = [...events.values()].map((event) => (event.type === "change" ? event.kind : undefined));
      expect(seen.map((what) => (what === "edited" ? what : undefined))).toEqual(expected);
      expect(room.messages.map(({ seq, text }) => [seq, text])).toEqual(
        [...messages.values()].sort((a, b) => a.seq - b.seq).map(({ seq, text }) => [seq, text]),
      );
      expect(rooms[1]?.messages).toEqual([]);
    },
  );

  test("repeats unanswered requests over the new socket, with the same ids", async () => {
    const server = await startServer();
    for (let n = 1; n <= 60; n++) server.say("r", String(n));
    const { room, old, start, isDone } = await changingOver(server, "r");
    server.outgoing = (frame, connection) => (connection === old && frame.type !== "joined" ? [] : [frame]);
    room.send("mine");
    const asked = [room.react(at(room, 60), "👍", true), room.loadOlder()];
    await until(() => server.frames.length === 4);
    start();
    await Promise.all(asked);
    await until(() => isDone() && room.messages.at(-1)?.status === "sent");
    for (const action of ["send", "react", "history"] as const) {
      const ids = server.received(action).map(({ id }) => id);
      expect(ids).toEqual([ids[0], ids[0]]);
    }
    expect(texts(room).filter((text) => text === "mine")).toHaveLength(1);
    expect(room.messages[59]?.reactions).toEqual([{ emoji: "👍", userIds: ["ada"] }]);
    expect(room.messages).toHaveLength(61);
  });

  test("reports each presence change once, and shows nobody twice or as absent", async () => {
    const server = await startServer();
    const { room, old, seen, start, isDone } = await changingOver(server, "r");
    const counts: number[] = [];
    const presence = (event: "joined" | "left", person: typeof bob, count: number) =>
      server.broadcast({ type: "presence", room: "r", event, people: [person], count });
    const { held, release } = holdBack(server, old);
    start();
    await until(() => held() === 1);
    presence("joined", bob, 2);
    presence("joined", zoe, 3);
    presence("left", bob, 2);
    await until(() => seen.length === 3);
    room.on("change", () => counts.push(room.count));
    release();
    await until(isDone);
    server.say("r", "over the new one");
    await until(() => seen.length === 4);
    presence("joined", bob, 3);
    await until(() => room.count === 3);
    expect(seen).toEqual(["Bob joined", "Zoe joined", "Bob left", "over the new one", "Bob joined"]);
    expect(room.people.map(({ name }) => name)).toEqual(["Bob", "Guest", "Zoe"]);
    expect(counts.filter((count, at) => count !== counts[at - 1])).toEqual([2, 3]);
  });

  test("keeps a name that changes after its room was joined over the new socket", async () => {
    const server = await startServer();
    const { room, old, start, isDone } = await changingOver(server, "r", "s");
    const { held, release } = holdBack(server, old, "s");
    start();
    await until(() => held() === 1);
    await room.rename("Ada");
    release();
    await until(isDone);
    expect([...server.connections].map(({ you }) => you.name)).toEqual(["Ada"]);
    expect(room.you.name).toBe("Ada");
  });

  test("includes a room that is joined, and a name that changes, meanwhile", async () => {
    const server = await startServer();
    const { client, room, old, start, isDone } = await changingOver(server, "r");
    const { held, release } = holdBack(server, old);
    start();
    await until(() => held() === 1);
    const late = await client.join("s");
    await room.rename("Ada");
    release();
    await until(isDone);
    const [connection] = server.connections;
    expect([...(connection?.rooms ?? [])].sort()).toEqual(["r", "s"]);
    expect([connection?.you.name, room.you.name, late.joined]).toEqual(["Ada", "Ada", true]);
  });

  test("leaves a room over the new socket too if it was left meanwhile", async () => {
    const server = await startServer();
    const { client, rooms, old, start, isDone } = await changingOver(server, "r", "s");
    const { held, release } = holdBack(server, old);
    start();
    await until(() => held() === 1);
    await rooms[0]?.leave();
    let shown = 0;
    rooms[0]?.on("change", () => shown++);
    release();
    await until(isDone);
    client.checkNow();
    await until(() => [...server.connections].every((connection) => [...connection.rooms].join() === "s"));
    expect(shown).toBe(0);
  });

  test("does not rejoin a room that was left while its name was changing", async () => {
    const server = await startServer();
    const { room, old, start, isDone } = await changingOver(server, "r", "s");
    const { held, release } = holdBack(server, old, "r");
    start();
    await until(() => held() === 1);
    room.rename("Grace").catch(() => {});
    await room.leave();
    const joins = () => server.received("join").filter(({ room: id }) => id === "r").length;
    const before = joins();
    release();
    await until(isDone);
    expect(joins()).toBe(before);
  });

  test("ends a room that was closed, and moves the others", async () => {
    const server = await startServer();
    const { rooms, seen, start, isDone } = await changingOver(server, "r", "s");
    server.intercept = (frame) => frame.action === "join" && frame.room === "r" && "roomClosed";
    start();
    await until(isDone);
    server.say("s", "still open");
    await until(() => rooms[1]?.messages.length === 1);
    expect(seen).toEqual(["closed", "still open"]);
  });
});

test("the client reconnects at once when the browser reports a change of the network", async () => {
  const server = await startServer();
  const { client, room, seen } = await changingOver(server, "r");
  client.reconnect();
  expect([client.state, room.joined]).toEqual(["waiting", false]);
  client.checkNow();
  await until(() => room.joined);
  expect(seen).toEqual(["waiting", "connecting", "open"]);
});
