import { describe, expect, test, vi } from "vitest";
import type { Room } from "../src/room.ts";
import { connect, startServer, stopTime, texts, until } from "./support.ts";

const bob = { userId: "bob", name: "Bob" };
const zoe = { userId: "zoe", name: "Zoe" };

describe("presence", () => {
  test("follows people who join, leave and change their name", async () => {
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

  describe("with a digest in pongs", () => {
    async function joinedWithDigest() {
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
        // Its answer comes after the pong.
        await room.react(room.messages[0] ?? {}, "👍", pings % 2 === 0);
      };
      const joins = () => server.received("join").length;
      return { server, room, seen, ping, joins };
    }
    const names = ({ people }: Room) => people.map(({ name }) => name).join();

    test.each([
      ["departure", [zoe], "Mia,Zoe"],
      ["arrival", [bob, zoe, { userId: "kim", name: "Kim" }], "Mia,Bob,Zoe,Kim"],
      ["rename", [{ ...bob, name: "Rob" }, zoe], "Mia,Rob,Zoe"],
    ])("finds a lost %s with the second pong that differs, and changes nothing else", async (_, now, shown) => {
      const { server, room, seen, ping, joins } = await joinedWithDigest();
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
    });

    test("waits one more pong after each presence frame: others may be on their way", async () => {
      const { server, room, ping, joins } = await joinedWithDigest();
      server.others.set("r", []);
      await ping();
      server.broadcast({ type: "presence", room: "r", event: "left", people: [bob], count: 2 });
      await until(() => room.count === 2);
      await ping();
      expect(joins()).toBe(1);
      await ping();
      await until(() => joins() === 2 && room.count === 1);
    });

    test("does not rejoin for single pongs that differ", async () => {
      const { server, ping, joins } = await joinedWithDigest();
      for (const others of [[zoe], [bob, zoe], [bob], [zoe, bob]]) {
        server.others.set("r", others);
        await ping();
      }
      server.others.delete("r");
      for (const _ of [1, 2]) await ping();
      expect(joins()).toBe(1);
    });
  });

  test("shows who is typing until they send a message, leave, or stop", async () => {
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

  test("sends `typing` at most once in 3 seconds, and again after a message", async () => {
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
