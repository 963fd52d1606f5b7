import { describe, expect, test } from "vitest";
import { connect, startServer, texts, until } from "./support.ts";

describe("a room that is joined to follow it", () => {
  test("starts right after the place where its reader stopped, and older messages come on request", async () => {
    const server = await startServer();
    for (let n = 1; n <= 60; n++) server.say("r", `${n}`);
    const room = await connect(server).join("r", { since: { epoch: "e1", seq: 58 } });
    expect(texts(room)).toEqual(["59", "60"]);
    expect(room.first).toBe(59);
    expect(room.hasOlder).toBe(true);
    await room.loadOlder();
    expect(texts(room).slice(-3)).toEqual(["58", "59", "60"]);
  });

  test("is empty if nothing is new, and goes on from there", async () => {
    const server = await startServer();
    server.say("r", "old");
    const room = await connect(server).join("r", { since: { epoch: "e1", seq: 1 } });
    expect(texts(room)).toEqual([]);
    server.say("r", "new");
    await until(() => texts(room).length === 1);
    expect(texts(room)).toEqual(["new"]);
  });

  test("starts with the newest page if its place is in another epoch", async () => {
    const server = await startServer();
    server.say("r", "new");
    const room = await connect(server).join("r", { since: { epoch: "e0", seq: 7 } });
    expect(texts(room)).toEqual(["new"]);
    expect(room.epoch).toBe("e1");
  });

  test("is joined after the others when the connection is back", async () => {
    const server = await startServer();
    const client = connect(server);
    for (const id of ["a", "b", "c"]) (await client.join(id)).inBackground = true;
    const open = await client.join("open");
    server.frames.length = 0;
    server.cut();
    await until(() => server.received("join").length === 4);
    expect(server.received("join").map(({ room }) => room)).toEqual(["open", "a", "b", "c"]);
    expect(open.joined).toBe(true);
  });

  test("is joined at once when it is no longer in the background", async () => {
    const server = await startServer();
    const client = connect(server, {}, { staggerMs: 3_600_000 });
    const room = await client.join("r");
    room.inBackground = true;
    server.cut();
    await until(() => client.state === "open" && server.connections.size === 1 && !room.joined);
    await client.join("r");
    expect(room.joined).toBe(true);
  });
});

test("checks of the connection in many rooms do not use up its rate of frames", async () => {
  const server = await startServer();
  const client = connect(server, {}, { checkPerRoomMs: 3_600_000 });
  await client.join("r");
  client.checkNow();
  await until(() => server.received("ping").length === 1);
  client.checkNow();
  const room = await client.join("s");
  expect(room.joined).toBe(true);
  expect(server.received("ping")).toHaveLength(1);
});
