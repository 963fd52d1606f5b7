// Rooms with rules, and rooms that end.
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { LeftReason } from "../src/protocol.ts";
import type { Room } from "../src/room.ts";
import type { Timing } from "../src/timing.ts";
import type { TestServer } from "./server.ts";
import { connect, eventsOf, startServer, texts, until } from "./support.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Stops all clocks until the test calls `vi.advanceTimersByTime`. */
function stopClocks(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** A room that ends in a minute, by a server whose clock is `skewMs` ahead. */
async function endingRoom(skewMs = 0, waits: Partial<Timing> = {}) {
  stopClocks();
  const server = await startServer();
  server.skewMs = skewMs;
  server.room("r").rules.endsAt = server.now + MINUTE;
  const client = connect(server, { token: "ada" }, waits);
  const room = await client.join("r");
  return { server, client, room, left: reasonsOf(room) };
}

function reasonsOf(room: Room): string[] {
  const left: string[] = [];
  room.on("left", (reason) => left.push(reason));
  return left;
}

/** Waits until the client has everything that the server has sent so far. */
async function settled(server: TestServer, room: Room): Promise<void> {
  const { text } = server.say(room.id, "still here");
  await until(() => texts(room).includes(text));
}

describe("a room that ends", () => {
  test.each([0, HOUR, -HOUR])("ends by itself by the server's clock, which is %i ms ahead", async (skewMs) => {
    const { server, room, left } = await endingRoom(skewMs);
    expect(room.clockOffset).toBe(skewMs);
    expect(room.rules.endsAt).toBe(server.now + MINUTE);
    vi.advanceTimersByTime(MINUTE - 1);
    expect(left).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(left).toEqual(["expired"]);
    room.send("too late");
    expect(room.messages.at(-1)).toMatchObject({ text: "too late", status: "failed" });
  });

  test("learns from a pong that its own clock was set", async () => {
    const { server, client, room } = await endingRoom();
    vi.setSystemTime(Date.now() - HOUR);
    server.skewMs = HOUR;
    client.checkNow();
    await until(() => room.clockOffset === HOUR);
  });

  test("goes on if its owner puts off the end, and ends then", async () => {
    const { server, room, left } = await endingRoom();
    const seen = eventsOf(room);
    vi.advanceTimersByTime(MINUTE / 2);
    server.changeRules("r", { endsAt: server.now + 1.5 * MINUTE });
    await until(() => seen.length === 1);
    expect(room.rules.endsAt).toBe(server.now + 1.5 * MINUTE);
    vi.advanceTimersByTime(MINUTE);
    expect(left).toEqual([]);
    vi.advanceTimersByTime(MINUTE / 2);
    expect(left).toEqual(["expired"]);
  });

  test("does not end while a missed notice may have put off the end", async () => {
    const { server, room, left } = await endingRoom(0, { gapMs: HOUR });
    server.changeRules("r", { endsAt: server.now + HOUR }, { shown: false });
    server.say("r", "after the notice");
    server.broadcast({ type: "typing", room: "r", from: { userId: "bo", name: "Bo" } });
    await until(() => room.typing.length === 1);
    vi.advanceTimersByTime(MINUTE);
    expect(left).toEqual([]);
  });

  test("ends as expired if it ended while this client was away", async () => {
    const { server, left } = await endingRoom();
    server.intercept = ({ action }) => action === "join" && "roomClosed";
    server.cut();
    await until(() => {
      vi.advanceTimersByTime(MINUTE);
      return left.length > 0;
    });
    expect(left).toEqual(["expired"]);
  });

  test("is not ended by missed notices that are out of date", async () => {
    const { server, room, left } = await endingRoom();
    const seen = eventsOf(room);
    server.cut();
    server.changeRules("r", { endsAt: server.now + MINUTE });
    vi.setSystemTime(Date.now() + HOUR);
    server.changeRules("r", { endsAt: server.now + HOUR }, { at: server.now - 5 * MINUTE });
    server.outgoing = (frame) =>
      // The page of the answer ends after the first notice.
      frame.type === "joined" ? [{ ...frame, to: 1, events: frame.events.slice(0, 1) }] : [frame];
    server.intercept = ({ action }) => action === "history";
    await until(() => {
      vi.advanceTimersByTime(20);
      return seen.length === 1;
    });
    expect(room.rules.endsAt).toBe(server.room("r").rules.endsAt);
    expect(left).toEqual([]);
  });

  test.each(["closed", "expired", "idle", "ownerAway"] as const satisfies LeftReason[])(
    "ends at once for the reason %s, and does not rejoin",
    async (reason) => {
      const server = await startServer();
      const client = connect(server, { token: "ada" });
      const left = reasonsOf(await client.join("r"));
      server.broadcast({ type: "left", room: "r", reason });
      await until(() => left.length === 1);
      expect(left).toEqual([reason]);
      await client.join("s");
      server.cut();
      await until(() => server.received("join").length === 3);
      expect(server.received("join").map(({ room }) => room)).toEqual(["r", "s", "s"]);
    },
  );
});

describe("a room's rules", () => {
  test("change with its name and topic, and stay the same object until then", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const { rules } = room;
    expect(rules).toEqual({ passwordRequired: false, uniqueNames: false });
    await settled(server, room);
    expect(room.rules).toBe(rules);
    Object.assign(server.room("r"), { name: "Tea" });
    server.changeRules("r", { maxPeople: 5, uniqueNames: true, endsWithoutOwnerAfterSeconds: 60 });
    await until(() => room.name === "Tea");
    const changed = { passwordRequired: false, uniqueNames: true, maxPeople: 5, endsWithoutOwnerAfterSeconds: 60 };
    expect(room.rules).toEqual(changed);
    server.rename("r", "Coffee");
    await until(() => room.name === "Coffee");
    expect(room.rules).toEqual(changed);
  });

  test("come from the page if the room was read before they changed", async () => {
    const server = await startServer();
    server.changeRules("r", { maxPeople: 5 });
    server.outgoing = (frame) => {
      if (frame.type !== "joined") return [frame];
      const { maxPeople: _, ...before } = frame;
      return [before];
    };
    expect((await connect(server).join("r")).rules.maxPeople).toBe(5);
  });
});

describe("a room with a password", () => {
  const withPass = (server: TestServer, pass: string) => {
    server.intercept = (frame) =>
      frame.action === "join" && frame.room === "r" && frame.pass !== pass && "passRequired";
  };

  test("is joined with its pass, at first and again", async () => {
    const server = await startServer();
    withPass(server, "secret");
    const client = connect(server, { token: "ada" });
    await expect(client.join("r", { name: "Ada" })).rejects.toMatchObject({ code: "passRequired" });
    const room = await client.join("r", { name: "Ada", pass: "secret" });
    server.cut();
    await until(() => server.received("join").length === 3 && room.joined);
    server.broadcast({ type: "left", room: "r", reason: "leaseExpired" });
    await until(() => server.received("join").length === 4 && room.joined);
    await room.rename("Ada L");
    expect(server.received("join").map(({ pass }) => pass)).toEqual([undefined, ...Array(4).fill("secret")]);
  });

  test("is rejoined with the pass given last", async () => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    await client.join("r", { pass: "new" });
    expect(server.received("join")).toHaveLength(1);
    server.cut();
    await until(() => server.received("join").length === 2 && room.joined);
    expect(server.received("join").at(-1)?.pass).toBe("new");
  });

  /** Holds back refusals until the test calls the returned function. */
  const holdRefusals = (server: TestServer) => {
    const held: (() => void)[] = [];
    server.outgoing = (frame, connection) => {
      if (frame.type !== "error") return [frame];
      held.push(() => connection.socket.send(JSON.stringify(frame)));
      return [];
    };
    return { held, release: () => held.splice(0).forEach((post) => void post()) };
  };

  test("is joined with a pass that is given while an older one is being refused", async () => {
    const server = await startServer();
    withPass(server, "new");
    const { held, release } = holdRefusals(server);
    const client = connect(server, { token: "ada" });
    const joins = [client.join("r", { pass: "old" })];
    await until(() => held.length === 1);
    joins.push(client.join("r", { pass: "new" }));
    release();
    expect(await Promise.all(joins)).toMatchObject([{ joined: true }, { joined: true }]);
    expect(server.received("join").map(({ pass }) => pass)).toEqual(["old", "new"]);
  });

  test("survives a changeover during which a new pass is given", async () => {
    const server = await startServer();
    const client = connect(server, { token: "ada" }, { changeoverMs: [5, 10] });
    const room = await client.join("r", { pass: "old" });
    const left = reasonsOf(room);
    withPass(server, "new");
    const { held, release } = holdRefusals(server);
    await until(() => held.length === 1);
    await client.join("r", { pass: "new" });
    release();
    await until(() => server.received("join").at(-1)?.pass === "new");
    await settled(server, room);
    expect(left).toEqual([]);
  });

  test("ends with `passRequired` if a rejoin is refused after the password changed", async () => {
    const server = await startServer();
    withPass(server, "old");
    const client = connect(server, { token: "ada" });
    const left = reasonsOf(await client.join("r", { pass: "old" }));
    withPass(server, "new");
    server.cut();
    await until(() => left.length === 1);
    expect(left).toEqual(["passRequired"]);
    await client.join("s");
    expect(server.received("join").map(({ room }) => room)).toEqual(["r", "r", "s"]);
    expect(await client.join("r", { pass: "new" })).toMatchObject({ joined: true });
  });

  test("ends with `passRequired` at a changeover, which the other rooms survive", async () => {
    const server = await startServer();
    const client = connect(server, { token: "ada" }, { changeoverMs: [5, 10] });
    const stays = await client.join("s");
    const left = reasonsOf(await client.join("r", { pass: "old" }));
    withPass(server, "new");
    await until(() => left.length === 1);
    expect(left).toEqual(["passRequired"]);
    await settled(server, stays);
  });
});

describe("a name that somebody has", () => {
  const refuse = (server: TestServer, name: string) => {
    server.intercept = (frame) => frame.action === "join" && frame.name === name && "nameTaken";
  };

  test("is refused once, at the first join and at a rename, which keeps the old name", async () => {
    const server = await startServer();
    refuse(server, "Bo");
    const client = connect(server, { token: "ada" });
    await expect(client.join("r", { name: "Bo" })).rejects.toMatchObject({ code: "nameTaken", retryable: false });
    const room = await client.join("r", { name: "Ada" });
    await expect(room.rename("Bo")).rejects.toMatchObject({ code: "nameTaken" });
    expect(room.you.name).toBe("Ada");
    server.cut();
    await until(() => server.received("join").length === 4 && room.joined);
    expect(server.received("join").map(({ name }) => name)).toEqual(["Bo", "Ada", "Bo", "Ada"]);
  });

  test("ends a room whose rejoin is refused for it", async () => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    const left = reasonsOf(await client.join("r", { name: "Ada" }));
    refuse(server, "Ada");
    server.cut();
    await until(() => left.length === 1);
    expect(left).toEqual(["nameTaken"]);
    await client.join("s", { name: "Other" });
    expect(server.received("join").map(({ room }) => room)).toEqual(["r", "r", "s"]);
  });
});
