// Changing what was said, and what a room is called: everybody sees it, once, whenever they come.

import assert from "node:assert/strict";
import type { ErrorCode, Room } from "../../client/src/index.ts";
import type { ClientFrame } from "../../client/src/protocol.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";

/** What names the message of this number, as the room now is. */
const at = ({ epoch }: Room, seq: number) => ({ epoch, seq });

const texts = (room: Room) => room.messages.map(({ text }) => text);

async function say(room: Room, ...said: string[]): Promise<void> {
  const before = room.messages.length;
  for (const text of said) room.send(text);
  await until(`${said.length} messages are sent`, () =>
    room.messages.slice(before).every(({ status, seq }) => status === "sent" && seq !== undefined),
  );
}

/** What a room tells of after it was joined, in its order. */
function happenings(room: Room): string[] {
  const told: string[] = [];
  room.on("message", ({ text }) => told.push(text));
  room.on("changed", ({ of, kind }) => told.push(`${of} ${kind}`));
  room.on("notice", ({ kind, name }) => told.push(`${kind} ${name}`));
  room.on("discontinuity", () => told.push("discontinuity"));
  return told;
}

/** The number that the acknowledgement names. */
async function acked(socket: RawSocket, frame: ClientFrame): Promise<number> {
  socket.send(frame);
  return (await socket.next("ack", ({ id }) => id === frame.id)).seq;
}

export const scenarios = [
  scenario(
    "Messages are edited, deleted and reacted to, and everybody sees them as they then are",
    ["edit", "delete", "react", "send", "join"],
    async (stage) => {
      const { roomId } = await stage.room();
      const ada = await stage.join(roomId, "Ada");
      const bob = await stage.join(roomId, "Bob");
      const told = happenings(bob);
      await say(ada, "Helo", "Oops", "Cake?");
      await ada.edit(at(ada, 1), "Hello");
      await ada.delete(at(ada, 2));
      for (const room of [ada, bob]) await room.react(at(room, 3), "🎂", true);
      await ada.react(at(ada, 3), "👨‍👩‍👧‍👦", true);
      await ada.react(at(ada, 3), "👨‍👩‍👧‍👦", false);
      const all = ["Helo", "Oops", "Cake?", "1 edited", "2 deleted", "3 reacted", "3 reacted", "3 reacted"];
      await until("Bob is told of everything", () => told.length === all.length + 1);
      assert.deepEqual(told, [...all, "3 unreacted"]);
      const carol = await stage.join(roomId, "Carol");
      await until("Ada has everything", () => ada.messages[2]?.reactions[0]?.userIds.length === 2);
      for (const room of [ada, bob, carol]) {
        assert.deepEqual(texts(room), ["Hello", "", "Cake?"]);
        const [edited, deleted, liked] = room.messages;
        assert.ok(edited?.editedAt !== undefined && edited.deletedAt === undefined);
        assert.ok(deleted?.deletedAt !== undefined);
        const userIds = liked?.reactions.flatMap((reaction) => reaction.userIds);
        assert.deepEqual(
          liked?.reactions.map(({ emoji }) => emoji),
          ["🎂"],
        );
        assert.deepEqual(userIds?.sort(), [ada.you.userId, bob.you.userId].sort());
      }
    },
  ),

  scenario(
    "Only its author edits a message, only its author or the room's owner deletes it, and nobody changes a deleted one",
    ["edit", "delete", "react"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId } = await stage.roomOf(owner);
      const ada = await stage.join(roomId, "Ada");
      const bob = await stage.join(roomId, "Bob");
      const own = await stage.tab(owner).client.join(roomId);
      await say(ada, "Mine", "Also mine");
      await until("Bob has them", () => bob.messages.length === 2);
      await assert.rejects(bob.edit(at(bob, 1), "Yours"), { code: "forbidden" });
      await assert.rejects(bob.delete(at(bob, 1)), { code: "forbidden" });
      await assert.rejects(own.edit(at(own, 1), "Ours"), { code: "forbidden" });
      await assert.rejects(ada.edit(at(ada, 99), "Nothing there"), { code: "messageNotFound", retryable: false });
      await assert.rejects(ada.delete(at(ada, 99)), { code: "messageNotFound" });
      await assert.rejects(bob.react(at(bob, 99), "👍", true), { code: "messageNotFound" });
      await own.delete(at(own, 1));
      await assert.rejects(ada.edit(at(ada, 1), "Back again"), { code: "messageDeleted", retryable: false });
      await assert.rejects(bob.react(at(bob, 1), "👍", true), { code: "messageDeleted" });
      await ada.delete(at(ada, 1));
      await until("Ada sees it", () => ada.messages[0]?.deletedAt !== undefined);
      assert.deepEqual(texts(ada), ["", "Also mine"]);
      await assert.rejects(ada.edit(at(ada, 3), "A change is no message"), { code: "messageNotFound" });
    },
  ),

  scenario(
    "A change that is asked twice happens once, and one that would change nothing does not happen",
    ["edit", "delete", "react", "send", "join", "history"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const { token } = await stage.guest("Ada");
      const one = await stage.socket({ protocols: ["parlor.v1", `token.${token}`] });
      const two = await stage.socket({ protocols: ["parlor.v1", `token.${token}`] });
      for (const socket of [one, two]) {
        socket.send({ action: "join", room });
        await socket.next("joined");
      }
      await acked(one, { action: "send", room, id: "s", text: "Helo" });
      const edit = { action: "edit", room, seq: 1, id: "e", text: "Hello" } as const;
      assert.deepEqual([await acked(one, edit), await acked(one, edit), await acked(two, edit)], [2, 2, 2]);
      assert.equal(await acked(one, { ...edit, id: "e2" }), 2, "the same text again");
      const react = { action: "react", room, seq: 1, id: "r", emoji: "👍", on: true } as const;
      assert.deepEqual([await acked(one, react), await acked(two, react)], [3, 3]);
      assert.equal(await acked(one, { ...react, id: "r2" }), 3, "the same reaction again");
      assert.equal(await acked(one, { ...react, id: "r3", emoji: "🎉", on: false }), 3, "a reaction that is not there");
      assert.equal(await acked(one, { ...edit, id: "e3", text: "Hello!" }), 4);
      assert.equal(await acked(two, edit), 2, "a late repetition does not bring the older text back");
      const remove = { action: "delete", room, seq: 1, id: "d" } as const;
      assert.deepEqual([await acked(one, remove), await acked(two, remove)], [5, 5]);
      assert.equal(await acked(two, { ...remove, id: "d2" }), 5, "deleted already");
      const { seq, events } = await stage.api.messages(room);
      assert.equal(seq, 5);
      assert.deepEqual(
        events.map((event) => [event.seq, event.type === "change" ? event.kind : event.type]),
        [
          [1, "message"],
          [2, "edited"],
          [3, "reacted"],
          [4, "edited"],
          [5, "deleted"],
        ],
      );
    },
  ),

  scenario(
    "Who was cut off is told what happened to the messages meanwhile, once and in order",
    ["edit", "delete", "react", "join", "update-room", "disconnect"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId } = await stage.roomOf(owner);
      const tab = stage.tab(await stage.guest("Ada"));
      const ada = await tab.client.join(roomId);
      const bob = await stage.join(roomId, "Bob");
      await say(bob, "One", "Two");
      await say(ada, "Mine");
      await until("both have all", () => [ada, bob].every(({ messages }) => messages.length === 3));
      const told = happenings(ada);
      tab.cut();
      const mine = ada.edit(at(ada, 3), "Mine, edited");
      await bob.edit(at(bob, 1), "Uno");
      await bob.edit(at(bob, 1), "Eins");
      await bob.delete(at(bob, 2));
      await bob.react(at(bob, 3), "👍", true);
      await owner.api.updateRoom(roomId, { name: "Renamed" });
      await mine;
      await until("Ada is told of everything", () => told.length === 6);
      assert.deepEqual(
        told.filter((what) => what !== "3 edited"),
        ["1 edited", "1 edited", "2 deleted", "3 reacted", "renamed Renamed"],
      );
      await until("both show the same", () => [ada, bob].every((room) => room.messages[2]?.text === "Mine, edited"));
      assert.deepEqual(texts(ada), ["Eins", "", "Mine, edited"]);
      assert.deepEqual(texts(bob), texts(ada));
      assert.equal(ada.name, "Renamed");
    },
  ),

  scenario(
    "Pages of history show messages as they now are, and the last change of each message on a page has it",
    ["history", "list-messages", "edit", "delete", "react"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const ada = await stage.join(room, "Ada");
      await say(ada, "One", "Two", "Three");
      await ada.edit(at(ada, 1), "Uno");
      await ada.react(at(ada, 2), "👍", true);
      await ada.edit(at(ada, 1), "Eins");
      await ada.delete(at(ada, 3));
      const socket = await stage.socket();
      socket.send({ action: "join", room });
      const joined = await socket.next("joined");
      socket.send({ action: "history", room, before: 4 });
      const oldest = await socket.next("history");
      assert.deepEqual(
        oldest.events.map((event) => event.type === "message" && [event.text, event.version]),
        [
          ["Eins", 6],
          ["Two", 5],
          ["", 7],
        ],
      );
      const later = await stage.api.messages(room, { after: 3 });
      const changes = later.events.flatMap((event) => (event.type === "change" ? [event] : []));
      assert.deepEqual(
        changes.map(({ seq, of, kind, message }) => [seq, of, kind, message?.version]),
        [
          [4, 1, "edited", undefined],
          [5, 2, "reacted", 5],
          [6, 1, "edited", 6],
          [7, 3, "deleted", 7],
        ],
      );
      socket.send({ action: "history", room, after: 3 });
      const { type: _, ...overSocket } = await socket.next("history");
      assert.deepEqual(overSocket, later);
      assert.deepEqual(
        [oldest.events, later.events].map((events) => events.length),
        [3, 4],
      );
      assert.deepEqual(joined.events.slice(0, 3), oldest.events);
      await ada.react(at(ada, 1), "🎉", true);
      const { type, message, ...live } = await socket.next("change", ({ seq }) => seq === 8);
      const { epoch } = joined;
      assert.deepEqual(
        [type, live],
        ["change", { room, epoch, seq: 8, of: 1, kind: "reacted", emoji: "🎉", by: ada.you, at: live.at }],
      );
      const reactions = [{ emoji: "🎉", userIds: [ada.you.userId] }];
      const [first] = (await stage.api.messages(room, { before: 2 })).events;
      assert.deepEqual(first, { type: "message", ...message });
      assert.deepEqual([message?.text, message?.version, message?.reactions], ["Eins", 8, reactions]);
    },
  ),

  scenario(
    "Bad changes are refused with the documented error, and nothing happens",
    ["edit", "delete", "react", "default"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const socket = await stage.socket();
      socket.send({ action: "join", room });
      await socket.next("joined");
      await acked(socket, { action: "send", room, id: "s", text: "Hello" });
      const at = { room, seq: 1, id: "bad" };
      const react = { action: "react", ...at, on: true };
      const cases: (readonly [what: string, frame: object, code: ErrorCode])[] = [
        ["an edit without a text", { action: "edit", ...at }, "invalidField"],
        ["an edit to white space", { action: "edit", ...at, text: " " }, "invalidField"],
        ["an edit to 4,001 characters", { action: "edit", ...at, text: "x".repeat(4_001) }, "invalidField"],
        ["an edit of a text instead of a number", { action: "edit", ...at, seq: "1", text: "x" }, "invalidField"],
        ["an edit of a negative number", { action: "edit", ...at, seq: -1, text: "x" }, "invalidField"],
        ["an edit in a room that one is not in", { action: "edit", ...at, room: "none", text: "x" }, "notJoined"],
        ["a deletion with a text", { action: "delete", ...at, text: "x" }, "invalidField"],
        ["a deletion in a room that one is not in", { action: "delete", ...at, room: "none" }, "notJoined"],
        ["a reaction of a letter", { ...react, emoji: "a" }, "invalidField"],
        ["a reaction of two emoji", { ...react, emoji: "👍👍" }, "invalidField"],
        ["a reaction of nothing", { ...react, emoji: "" }, "invalidField"],
        ["a reaction that is neither on nor off", { action: "react", ...at, emoji: "👍" }, "invalidField"],
        ["a reaction in a room that one is not in", { ...react, room: "none", emoji: "👍" }, "notJoined"],
      ];
      for (const [what, frame, code] of cases) {
        socket.sendRaw(JSON.stringify(frame));
        const error = await socket.next("error").catch(() => assert.fail(`${what} was not answered`));
        assert.deepEqual([error.code, error.retryable, error.id], [code, false, "bad"], what);
      }
      for (const action of ["edit", "delete", "react"]) {
        socket.sendRaw(JSON.stringify({ action, room, seq: 1 }));
        const { code, id } = await socket.next("error");
        assert.deepEqual([code, id], ["invalidField", undefined], `${action} without an id`);
      }
      assert.equal((await stage.api.messages(room)).seq, 1);
    },
  ),

  scenario("A message takes 20 different emoji", ["react"], async (stage) => {
    const { roomId } = await stage.room();
    const ada = await stage.join(roomId, "Ada");
    await say(ada, "React to this");
    const emoji = Array.from({ length: 21 }, (_, at) => String.fromCodePoint(0x1f600 + at));
    for (const each of emoji.slice(0, 20)) await ada.react(at(ada, 1), each, true);
    await assert.rejects(ada.react(at(ada, 1), emoji[20] ?? "", true), { code: "tooManyReactions", retryable: false });
    await ada.react(at(ada, 1), emoji[0] ?? "", false);
    await ada.react(at(ada, 1), emoji[20] ?? "", true);
    await until("Ada sees them", () => ada.messages[0]?.reactions.at(-1)?.emoji === emoji[20]);
    assert.deepEqual(
      ada.messages[0]?.reactions.map((reaction) => reaction.emoji),
      emoji.slice(1),
    );
  }),

  scenario(
    "A room that its owner renames is called so for everybody, at once and later",
    ["update-room", "get-room", "join"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const made = await stage.roomOf(owner, { name: "Coffee", topic: "Black or white?" });
      const { roomId } = made;
      const ada = await stage.join(roomId, "Ada");
      const told = happenings(ada);
      const renamed = await owner.api.updateRoom(roomId, { name: " Tea " });
      assert.deepEqual([renamed.name, renamed.topic, renamed.roomId], ["Tea", "Black or white?", roomId]);
      await until("Ada is told", () => told.length === 1);
      assert.deepEqual([ada.name, ada.topic], ["Tea", "Black or white?"]);
      await owner.api.updateRoom(roomId, { topic: "" });
      await until("Ada is told again", () => told.length === 2);
      assert.deepEqual(told, ["renamed Tea", "renamed Tea"]);
      assert.deepEqual([ada.name, ada.topic], ["Tea", undefined]);
      assert.deepEqual(
        ada.notices.map(({ seq, kind, by }) => [seq, kind, by.userId]),
        [
          [1, "renamed", owner.userId],
          [2, "renamed", owner.userId],
        ],
      );
      const { name, topic } = await stage.api.room(roomId);
      assert.deepEqual([name, topic], ["Tea", undefined]);
      assert.equal((await stage.join(roomId, "Bob")).name, "Tea");
      const stranger = await stage.guest("Stranger");
      await assert.rejects(stranger.api.updateRoom(roomId, { name: "Mine" }), { code: "forbidden" });
      await assert.rejects(stage.api.updateRoom(roomId, { name: "Mine" }), { code: "unauthorized" });
      await assert.rejects(owner.api.updateRoom(roomId, { name: " " }), { code: "invalidField" });
      await assert.rejects(owner.api.updateRoom("no-such-room", { name: "Mine" }), { code: "roomNotFound" });
      assert.equal((await stage.api.messages(roomId)).seq, 2);
    },
  ),

  scenario(
    "A room that its owner clears starts anew: nobody shows the old, and talk goes on",
    ["clear-room", "send", "join", "list-messages"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId } = await stage.roomOf(owner);
      const ada = await stage.join(roomId, "Ada");
      const bob = await stage.join(roomId, "Bob");
      await say(ada, "One", "Two");
      await until("Bob has both", () => bob.messages.length === 2);
      const before = ada.epoch;
      await assert.rejects((await stage.guest("Eve")).api.clearRoom(roomId), { code: "forbidden" });
      await owner.api.clearRoom(roomId);
      for (const room of [ada, bob]) {
        await until(`${room.you.name} shows nothing of before`, () => room.messages.length === 0);
        assert.notEqual(room.epoch, before);
      }
      await say(bob, "A new start");
      await until("Ada has it", () => texts(ada).length === 1);
      assert.equal(ada.messages[0]?.seq, bob.messages[0]?.seq);
      const { epoch, events } = await owner.api.messages(roomId);
      assert.equal(epoch, ada.epoch);
      assert.deepEqual(
        events.map(({ type }) => type),
        ["notice", "message"],
      );
    },
  ),
];
