// What a client knows of moderation: what its person may do, live, and why they cannot write or are out of the room.

import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Notice, type Person, permissions } from "../src/protocol.ts";
import type { Room } from "../src/room.ts";
import type { LeaveReason } from "../src/types.ts";
import { RETRY_AFTER_MS, refusal, type TestServer } from "./server.ts";
import { connect, startServer, statuses, stopTime, until } from "./support.ts";

const ada: Person = { userId: "ada", name: "Guest" };
const ben: Person = { userId: "ben", name: "Ben" };

/** A room that Ada has joined. */
async function joined(server: TestServer): Promise<Room> {
  return await connect(server, { token: "ada" }).join("r");
}

function leaving(room: Room): Promise<unknown[]> {
  return new Promise((resolve) => room.on("left", (...about: [LeaveReason, object]) => resolve(about)));
}

describe("what this person may do", () => {
  test("is in the answer to the join", async () => {
    const server = await startServer();
    server.roleOf = () => "moderator";
    const room = await joined(server);
    expect([room.role, room.may, room.muted]).toEqual(["moderator", permissions.moderator, undefined]);
  });

  test.each([
    ["appointed", { people: [ada] }, "member", "moderator"],
    ["appointed", { people: [ben] }, "member", "member"],
    ["dismissed", { people: [ada] }, "moderator", "member"],
    ["handedOver", { people: [ada] }, "member", "owner"],
    ["handedOver", { people: [ben], by: ada }, "owner", "moderator"],
  ] as const)("follows the notice %s %j: a %s becomes %s", async (kind, about, before, after) => {
    const server = await startServer();
    server.roleOf = () => before;
    const room = await joined(server);
    const { may } = room;
    server.roleOf = () => after;
    server.notice("r", { ...about, people: [...about.people], kind });
    await until(() => room.notices.length === 1);
    expect([room.role, room.may]).toEqual([after, permissions[after]]);
    expect(room.may === may).toBe(before === after);
  });

  test("follows a notice that was missed", async () => {
    const server = await startServer();
    const room = await joined(server);
    server.roleOf = () => "moderator";
    server.notice("r", { kind: "appointed", people: [ada] }, { shown: false });
    server.say("r", "seen");
    await until(() => room.messages.length === 1);
    expect(room.role).toBe("moderator");
  });

  test("is asked again after a notice: those of moderators who act at the same moment may change places", async () => {
    const server = await startServer();
    const room = await joined(server);
    server.notice("r", { kind: "unmuted", people: [ada] });
    server.notice("r", { kind: "muted", people: [ada] });
    await until(() => room.notices.length === 2 && room.muted === undefined);
    expect(room.may).toEqual(["write"]);
  });

  test("is what the answer to a join says, whatever older notices say", async () => {
    const server = await startServer();
    server.notice("r", { kind: "muted", people: [ada] });
    server.notice("r", { kind: "dismissed", people: [ada] });
    server.roleOf = () => "moderator";
    const room = await joined(server);
    expect([room.role, room.muted]).toEqual(["moderator", undefined]);
  });

  test("is nothing while the room is locked, except for moderators", async () => {
    const server = await startServer();
    server.roleOf = ({ userId }) => (userId === "ada" ? "member" : "moderator");
    const room = await joined(server);
    const ofModerator = await connect(server, { token: "ben" }).join("r");
    server.changeRules("r", { locked: true });
    await until(() => room.may.length === 0 && ofModerator.rules.locked === true);
    expect(ofModerator.may).toEqual(permissions.moderator);
    server.changeRules("r", { locked: false });
    await until(() => room.may.includes("write"));
  });

  test("stays the same array while nothing changes", async () => {
    const server = await startServer();
    const room = await joined(server);
    const { may } = room;
    server.changeRules("r", { slowModeSeconds: 30 });
    server.cut();
    server.say("r", "after");
    await until(() => room.messages.length === 1);
    expect(room.rules.slowModeSeconds).toBe(30);
    expect(room.may).toBe(may);
  });
});

describe("a mute", () => {
  /** Mutes Ada, as the server does: first the change, then the notice, which has no explanation. */
  function mute(server: TestServer, about: Pick<Notice, "until">): void {
    server.muted.set("ada", { ...about, explanation: "Too loud" });
    server.notice("r", { kind: "muted", people: [ada], ...about });
  }

  test("is known at once, and then with its explanation, which only this person is told", async () => {
    const server = await startServer();
    const room = await joined(server);
    const end = Date.now() + 600_000;
    const seen: unknown[] = [];
    room.on("change", () => room.muted && seen.push(room.muted));
    mute(server, { until: end });
    await until(() => room.muted?.explanation !== undefined);
    expect(seen[0]).toEqual({ until: end });
    expect([room.muted, room.may]).toEqual([{ until: end, explanation: "Too loud" }, []]);
    server.muted.clear();
    server.notice("r", { kind: "unmuted", people: [ada] });
    await until(() => room.muted === undefined);
    expect(room.may).toEqual(["write"]);
  });

  test("of a moderator shows once they are a member again", async () => {
    const server = await startServer();
    server.roleOf = () => "moderator";
    server.muted.set("ada", {});
    const room = await joined(server);
    expect(room.may).toEqual(permissions.moderator);
    server.roleOf = () => "member";
    server.notice("r", { kind: "dismissed", people: [ada] });
    await until(() => room.may.length === 0);
  });

  test("ends when its time is up by the server's clock", async () => {
    const server = await startServer();
    server.skewMs = 3_600_000;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    onTestFinished(() => void vi.useRealTimers());
    server.muted.set("ada", { until: server.now + 30_000 });
    const room = await joined(server);
    let changes = 0;
    room.on("change", () => void changes++);
    vi.advanceTimersByTime(29_000);
    expect([room.may, changes]).toEqual([[], 0]);
    vi.advanceTimersByTime(1_000);
    expect([room.muted, room.may, changes]).toEqual([undefined, ["write"], 1]);
  });
});

describe("a refused message", () => {
  test("waits for slow mode, with those after it, and is sent by itself", async () => {
    const server = await startServer();
    const room = await joined(server);
    let refusals = 1;
    server.intercept = ({ action }) => action === "send" && refusals-- > 0 && "slowMode";
    stopTime();
    room.send("one");
    room.send("two");
    await until(() => refusals === 0);
    await until(() => {
      vi.advanceTimersByTime(RETRY_AFTER_MS / 10);
      return statuses(room).join() === "one sent,two sent";
    });
    expect(server.received("send").map(({ text }) => text)).toEqual(["one", "one", "two"]);
  });

  test.each(["muted", "roomLocked", "banned"] as const)("fails with %s, and says until when and why", async (code) => {
    const server = await startServer();
    const room = await joined(server);
    server.intercept = ({ action }) => action === "send" && { ...refusal(code), until: 7, explanation: "Too loud" };
    room.send("hello");
    await until(() => room.messages[0]?.status === "failed");
    expect(room.messages[0]?.error).toMatchObject({ code, until: 7, explanation: "Too loud" });
  });
});

describe("a person who is removed", () => {
  test("is told until when and why, and may join again after a kick", async () => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    const left = leaving(room);
    server.broadcast({ type: "left", room: "r", reason: "kicked", explanation: "Cool down" });
    expect(await left).toEqual(["kicked", { explanation: "Cool down" }]);
    expect((await client.join("r")).may).toEqual(["write"]);
  });

  test("does not come back by themselves", async () => {
    const server = await startServer();
    const room = await joined(server);
    const left = leaving(room);
    server.notice("r", { kind: "banned", people: [ada], until: 9 });
    server.broadcast({ type: "left", room: "r", reason: "banned", until: 9 });
    expect(await left).toEqual(["banned", { until: 9 }]);
    expect(server.received("join").length).toBe(1);
  });

  test("is told so if the ban happened while they were away", async () => {
    const server = await startServer();
    const client = connect(server, { token: "ada" });
    const room = await client.join("r");
    const left = leaving(room);
    server.intercept = ({ action }) => action === "join" && { ...refusal("banned"), until: 9, explanation: "Spam" };
    server.cut();
    expect(await left).toEqual(["banned", { until: 9, explanation: "Spam" }]);
    await expect(client.join("r")).rejects.toMatchObject({ code: "banned", until: 9, explanation: "Spam" });
  });
});
