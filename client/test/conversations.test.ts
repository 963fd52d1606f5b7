import { describe, expect, test } from "vitest";
import type { ServerFrame } from "../src/protocol.ts";
import { ada, bob, ConversationStage, shown } from "./conversation-stage.ts";
import { texts, until } from "./support.ts";

const list = "/conversations?limit=50";

describe("the list", () => {
  test("comes after each connection, and not before it is asked for", async () => {
    const stage = await ConversationStage.start();
    stage.group("c-1", "c-2");
    stage.server.say("c-1", "Hello", { from: bob });
    const tab = await stage.tab();
    expect(shown(tab)).toEqual(["c-1 Hello 1"]);
    stage.server.cut();
    stage.server.say("c-2", "Missed", { from: bob });
    await until(() => shown(tab).length === 2);
    expect(shown(tab)).toEqual(["c-1 Hello 1", "c-2 Missed 1"]);
    expect(stage.requests).toEqual([list, list]);
  });

  test("follows the frames: messages, own messages, changes, titles and members", async () => {
    const stage = await ConversationStage.start();
    const { server } = stage;
    stage.group("c-1");
    server.say("c-1", "One", { from: bob });
    const tab = await stage.tab();
    server.say("c-1", "Two", { from: bob });
    await until(() => shown(tab)[0] === "c-1 Two 2");
    server.change("c-1", 2, { kind: "edited", text: "Two!" });
    await until(() => shown(tab)[0] === "c-1 Two! 2");
    server.say("c-1", "Mine", { from: ada });
    await until(() => shown(tab)[0] === "c-1 Mine 0");
    server.change("c-1", 4, { kind: "deleted" });
    await until(() => tab.conversations.get("c-1")?.latest?.deleted === true);
    server.notice("c-1", { kind: "renamed", name: "Tea" });
    server.notice("c-1", { kind: "added", name: "Tea", people: [{ userId: "cleo", name: "Cleo" }] });
    await until(() => tab.conversations.get("c-1")?.members.length === 3);
    server.notice("c-1", { kind: "removed", name: "Tea", people: [bob] });
    await until(() => tab.conversations.get("c-1")?.members.length === 2);
    expect(tab.conversations.get("c-1")?.title).toBe("Tea");
    expect(stage.requests).toEqual([list]);
  });

  test("counts mentions as they come, and no longer those that were deleted or edited away", async () => {
    const stage = await ConversationStage.start();
    const { server } = stage;
    stage.group("c-1");
    const tab = await stage.tab();
    server.say("c-1", "Nothing", { from: bob });
    await tab.conversations.load("c-1");
    const counts = () => {
      const { unread, mentions } = tab.conversations.get("c-1") ?? {};
      return `${unread} ${mentions}`;
    };
    server.say("c-1", "Hello, Ada", { from: bob, mentions: ["ada"] });
    await until(() => counts() === "2 1");
    server.say("c-1", "Hello, all", { from: bob, mentionsRoom: true });
    await until(() => counts() === "3 2");
    server.change("c-1", 1, { kind: "edited", text: "Ada, too", mentions: ["ada"] }, { by: bob });
    await until(() => counts() === "3 3");
    server.change("c-1", 2, { kind: "deleted" }, { by: bob });
    await until(() => counts() === "2 2");
    server.change("c-1", 3, { kind: "edited", text: "Hello" }, { by: bob });
    await until(() => counts() === "2 1");
  });

  test("counts a message once that is sent while the list is on its way", async () => {
    const stage = await ConversationStage.start();
    stage.group("c-1", "c-2");
    stage.server.say("c-1", "Before", { from: bob });
    let isFirst = true;
    stage.answering = () => {
      if (!isFirst) return;
      isFirst = false;
      stage.server.say("c-1", "Meanwhile", { from: bob });
      stage.server.say("c-2", "New", { from: bob });
    };
    const tab = await stage.tab();
    await until(() => shown(tab).length === 2);
    expect(shown(tab)).toEqual(["c-1 Meanwhile 2", "c-2 New 1"]);
  });

  test("counts a message once that the list has, and whose frame comes while the list is on its way", async () => {
    const stage = await ConversationStage.start();
    stage.group("c-1");
    const message = stage.server.say("c-1", "In the list", { from: bob, shown: false });
    let isFirst = true;
    stage.answering = () => {
      if (isFirst) stage.server.broadcast({ type: "message", ...message });
      isFirst = false;
    };
    const tab = await stage.tab();
    await until(() => stage.requests.length === 2);
    stage.server.say("c-1", "Next", { from: bob });
    await until(() => shown(tab)[0] === "c-1 Next 2");
  });

  test("asks again about a message whose number was described before it was stored", async () => {
    const stage = await ConversationStage.start();
    stage.group("c-1");
    stage.server.say("c-1", "One", { from: bob });
    stage.server.room("c-1").seq++;
    const tab = await stage.tab();
    expect(shown(tab)).toEqual(["c-1 One 1"]);
    const late = { ...stage.server.room("c-1").messages.get(1), seq: 2, text: "Late", room: "c-1" };
    stage.server.room("c-1").messages.set(2, late as never);
    for (const connection of stage.server.connections) {
      stage.server.post(connection, { type: "message", ...late } as ServerFrame);
    }
    await until(() => shown(tab)[0] === "c-1 Late 2");
    expect(stage.requests).toEqual([list, "/conversations/c-1"]);
  });

  test("asks once about all the messages whose frames were on their way when they were described", async () => {
    const stage = await ConversationStage.start();
    const { server } = stage;
    stage.group("c-1");
    const messages = ["One", "Two", "Three"].map((text) => server.say("c-1", text, { from: bob, shown: false }));
    const tab = await stage.tab();
    expect(shown(tab)).toEqual(["c-1 Three 3"]);
    for (const message of messages) server.broadcast({ type: "message", ...message } as never);
    await until(() => stage.requests.length > 1);
    // Whatever else the frames led to is asked before these are answered.
    for (const _ of [1, 2]) await tab.conversations.load("c-1");
    expect(stage.requests).toEqual([list, ...Array(3).fill("/conversations/c-1")]);
  });

  test("takes frames in any order and repeatedly, and asks once for what is lost", async () => {
    const stage = await ConversationStage.start();
    const { server } = stage;
    stage.group("c-1", "c-2");
    server.say("c-1", "One", { from: bob });
    server.say("c-2", "One", { from: bob });
    const tab = await stage.tab();
    const [two, three] = ["Two", "Three"].map((text) => server.say("c-1", text, { from: bob, shown: false }));
    for (const message of [three, two, three, two]) server.broadcast({ type: "message", ...message } as never);
    await until(() => shown(tab)[0] === "c-1 Three 3");
    server.say("c-2", "Lost", { from: bob, shown: false });
    server.say("c-2", "After", { from: bob });
    await until(() => shown(tab)[1] === "c-2 After 3");
    server.voidNumber("c-1");
    server.broadcast({ type: "voids", room: "c-1", epoch: "e1", seqs: [4] });
    server.say("c-1", "Four", { from: bob });
    await until(() => shown(tab)[0] === "c-1 Four 4");
    expect(stage.requests).toEqual([list, "/conversations/c-2"]);
  });

  test("has further pages, and those with unread messages on any of them", async () => {
    const stage = await ConversationStage.start();
    stage.pageSize = 2;
    const rooms = ["c-1", "c-2", "c-3", "c-4", "c-5"];
    stage.group(...rooms);
    for (const room of rooms) {
      stage.server.say(room, "Hello", { from: bob });
      if (room !== "c-5") stage.server.read.set(`${room} ada`, 1);
    }
    const times = rooms.map((room) => stage.server.room(room).messages.get(1));
    for (const [at, message] of times.entries()) Object.assign(message ?? {}, { at: 100 - at });
    const tab = await stage.tab();
    expect([tab.conversations.list.length, tab.conversations.hasMore]).toEqual([2, true]);
    await tab.conversations.loadMore();
    expect(tab.conversations.list.map(({ room }) => room)).toEqual(["c-1", "c-2", "c-3", "c-4"]);
    await tab.conversations.loadUnread();
    expect(tab.conversations.list.find(({ unread }) => unread > 0)?.room).toBe("c-5");
    await tab.conversations.loadMore();
    expect([tab.conversations.list.length, tab.conversations.hasMore]).toEqual([5, false]);
    stage.requests.length = 0;
    tab.conversations.refresh();
    await until(() => stage.requests.length === 3);
    expect(tab.conversations.list.length).toBe(5);
  });

  test("comes again when asked to, also after the API was out of reach", async () => {
    const stage = await ConversationStage.start();
    stage.group("c-1");
    const tab = await stage.tab();
    stage.server.say("c-1", "Not posted", { from: bob, shown: false });
    stage.isDown = true;
    tab.conversations.refresh();
    await until(() => stage.requests.length > 2);
    stage.isDown = false;
    await until(() => shown(tab)[0] === "c-1 Not posted 1");
  });

  test("is forgotten when the person changes, with what was requested for the former one, until the next connection", async () => {
    const stage = await ConversationStage.start();
    stage.pageSize = 1;
    stage.group("c-1", "c-2");
    for (const room of ["c-1", "c-2"]) stage.server.say(room, "Hello", { from: bob });
    const tab = await stage.tab();
    const { conversations } = tab;
    await conversations.loadMore();
    expect(conversations.list.length).toBe(2);
    stage.answering = () => conversations.forgetAll();
    await expect(conversations.load("c-1")).rejects.toMatchObject({ code: "unavailable", retryable: true });
    expect([conversations.list, conversations.hasMore, conversations.isLoaded]).toEqual([[], false, false]);
    stage.answering = () => {};
    stage.server.cut();
    await until(() => conversations.isLoaded);
    expect([conversations.list.length, conversations.hasMore]).toEqual([1, true]);
  });
});

describe("membership", () => {
  test("whoever is added while offline, or while connected, sees the conversation", async () => {
    const stage = await ConversationStage.start();
    stage.server.members.set("c-1", new Set(["bob"]));
    const tab = await stage.tab();
    stage.server.members.get("c-1")?.add("ada");
    stage.server.notice("c-1", { kind: "added", name: "Room c-1", people: [ada] });
    await until(() => shown(tab).length === 1);
    stage.server.cut();
    stage.group("c-2");
    stage.server.notice("c-2", { kind: "added", name: "Room c-2", people: [ada] });
    await until(() => shown(tab).length === 2);
  });

  test("whoever is removed no longer sees it, unless they were added again", async () => {
    const stage = await ConversationStage.start();
    stage.group("c-1", "c-2");
    for (const room of ["c-1", "c-2"]) stage.server.say(room, "Hello", { from: bob });
    const tab = await stage.tab();
    const room = await tab.client.join("c-1");
    const reasons: string[] = [];
    room.on("left", (reason) => reasons.push(reason));
    stage.server.members.get("c-1")?.delete("ada");
    for (const connection of stage.server.connections) {
      for (const id of ["c-1", "c-2"]) stage.server.post(connection, { type: "left", room: id, reason: "notMember" });
    }
    await until(() => reasons.length === 1 && shown(tab).join() === "c-2 Hello 1");
    expect(reasons).toEqual(["notMember"]);
    expect(stage.requests.slice(1).sort()).toEqual(["/conversations/c-1", "/conversations/c-2"]);
  });

  test("joining a conversation resumes like a room, and ends at the first number that one may read", async () => {
    const stage = await ConversationStage.start();
    stage.group("c-1");
    for (const text of ["One", "Two", "Three"]) stage.server.say("c-1", text, { from: bob });
    stage.server.outgoing = (frame) =>
      frame.type === "joined"
        ? [{ ...frame, first: 2, from: 2, events: frame.events.filter(({ seq }) => seq > 1) }]
        : [frame];
    const room = await (await stage.tab()).client.join("c-1");
    expect([texts(room), room.hasOlder]).toEqual([["Two", "Three"], false]);
    await room.leave();
  });

  test("whoever is removed and added again without noticing starts again from where they were added", async () => {
    const stage = await ConversationStage.start();
    const { server } = stage;
    stage.group("c-1");
    server.say("c-1", "Before", { from: bob });
    const room = await (await stage.tab()).client.join("c-1");
    const events: string[] = [];
    room.on("discontinuity", () => events.push("discontinuity"));
    room.on("message", ({ text }) => events.push(text));
    server.say("c-1", "Without you", { from: bob, shown: false });
    const first = 3;
    server.outgoing = (frame) => {
      if (frame.type !== "joined" && frame.type !== "history") return [frame];
      const events = frame.events.filter(({ seq }) => seq >= first);
      return [{ ...frame, first, from: first, events, ...(frame.type === "joined" && { recovered: false }) }];
    };
    server.say("c-1", "Welcome back", { from: bob });
    await until(() => texts(room).includes("Welcome back"));
    expect([texts(room), room.hasOlder, events]).toEqual([["Welcome back"], false, ["discontinuity"]]);
  });
});

describe("reading", () => {
  test("five tabs agree: one reads, and none counts the messages any more", async () => {
    const stage = await ConversationStage.start();
    stage.group("c-1");
    stage.server.say("c-1", "One", { from: bob });
    const tabs = await Promise.all([1, 2, 3, 4, 5].map(() => stage.tab()));
    stage.server.say("c-1", "Two", { from: bob });
    await until(() => tabs.every((tab) => shown(tab)[0] === "c-1 Two 2"));
    tabs[0]?.conversations.markRead("c-1", 2);
    expect(tabs[0]?.conversations.get("c-1")?.unread).toBe(0);
    await until(() => tabs.every((tab) => shown(tab)[0] === "c-1 Two 0"));
    tabs[1]?.conversations.markUnread("c-1", 2);
    await until(() => tabs.every((tab) => shown(tab)[0] === "c-1 Two 1"));
    expect(stage.server.read.get("c-1 ada")).toBe(1);
  });

  test("sends only the newest marker of each conversation, once there is a connection, and keeps its own until then", async () => {
    const stage = await ConversationStage.start();
    const { server } = stage;
    stage.group("c-1", "c-2");
    for (const text of ["One", "Two", "Three"]) server.say("c-1", text, { from: bob });
    server.say("c-2", "Hello", { from: bob });
    const tab = await stage.tab();
    server.refuses = () => true;
    server.cut();
    await until(() => tab.client.state !== "open");
    tab.conversations.markRead("c-1", 1);
    tab.conversations.markRead("c-1", 3);
    tab.conversations.markRead("c-2", 1);
    tab.conversations.markRead("c-1", 2);
    expect(shown(tab)).toEqual(["c-1 Three 0", "c-2 Hello 0"]);
    server.intercept = ({ action }) => action === "read" && server.received("read").length === 1 && "unavailable";
    server.refuses = () => false;
    await until(() => server.read.get("c-2 ada") === 1 && server.read.get("c-1 ada") === 3);
    expect(server.received("read").map(({ room, seq }) => `${room} ${seq}`)).toEqual(["c-1 3", "c-1 3", "c-2 1"]);
    expect(shown(tab)).toEqual(["c-1 Three 0", "c-2 Hello 0"]);
  });

  test("an own message marks everything before it as read, and markers stay private if that is set", async () => {
    const stage = await ConversationStage.start();
    stage.group("c-1");
    stage.server.say("c-1", "One", { from: bob });
    const tab = await stage.tab();
    tab.conversations.sharesReading = false;
    const room = await tab.client.join("c-1");
    room.send("Two");
    await until(() => stage.server.read.get("c-1 ada") === 2);
    expect(shown(tab)).toEqual(["c-1 Two 0"]);
    expect(stage.server.received("read")).toMatchObject([{ room: "c-1", seq: 2, private: true }]);
  });

  test("shows how far the others have read, never backwards", async () => {
    const stage = await ConversationStage.start();
    stage.group("c-1");
    stage.server.say("c-1", "One", { from: ada });
    stage.server.say("c-1", "Two", { from: ada });
    const tab = await stage.tab();
    for (const seq of [2, 1]) stage.server.broadcast({ type: "read", room: "c-1", userId: "bob", seq });
    stage.server.say("c-1", "Three", { from: ada });
    await until(() => shown(tab)[0] === "c-1 Three 0");
    expect(tab.conversations.get("c-1")?.members.map(({ read }) => read)).toEqual([undefined, 2]);
  });
});
