// Edits, deletions and reactions: everyone sees each once, whenever they join.

import assert from "node:assert/strict";
import type { Room } from "../../client/src/index.ts";
import { texts } from "../support/room.ts";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";
import { ackedSeq, collectEvents, sendAll } from "./events.ts";

/** Identifies the message with this number in the room's current epoch. */
const at = ({ epoch }: Room, seq: number) => ({ epoch, seq });

export const scenarios = [
  scenario(
    "Everyone sees edits, deletions and reactions, and a later joiner sees their result",
    ["edit", "delete", "react", "send", "join"],
    async (stage) => {
      const { roomId } = await stage.room();
      const ada = await stage.join(roomId, "Ada");
      const bob = await stage.join(roomId, "Bob");
      const events = collectEvents(bob);
      await sendAll(ada, "Helo", "Oops", "Cake?");
      await ada.edit(at(ada, 1), "Hello");
      await ada.delete(at(ada, 2));
      for (const room of [ada, bob]) await room.react(at(room, 3), "🎂", true);
      await ada.react(at(ada, 3), "👨‍👩‍👧‍👦", true);
      await ada.react(at(ada, 3), "👨‍👩‍👧‍👦", false);
      const all = ["Helo", "Oops", "Cake?", "1 edited", "2 deleted", "3 reacted", "3 reacted", "3 reacted"];
      await until("Bob receives every event", () => events.length === all.length + 1);
      assert.deepEqual(events, [...all, "3 unreacted"]);
      const carol = await stage.join(roomId, "Carol");
      await until("Ada has both reactions", () => ada.messages[2]?.reactions[0]?.userIds.length === 2);
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
    "Only the author can edit a message, only the author or the room's owner can delete it, and a deleted one is final",
    ["edit", "delete", "react"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId } = await stage.roomOf(owner);
      const ada = await stage.join(roomId, "Ada");
      const bob = await stage.join(roomId, "Bob");
      const ownersRoom = await stage.tab(owner).client.join(roomId);
      await sendAll(ada, "Mine", "Also mine");
      await until("Bob has both messages", () => bob.messages.length === 2);
      await assert.rejects(bob.edit(at(bob, 1), "Yours"), { code: "forbidden" });
      await assert.rejects(bob.delete(at(bob, 1)), { code: "forbidden" });
      await assert.rejects(ownersRoom.edit(at(ownersRoom, 1), "Ours"), { code: "forbidden" });
      await assert.rejects(ada.edit(at(ada, 99), "Nothing there"), { code: "messageNotFound", retryable: false });
      await assert.rejects(ada.delete(at(ada, 99)), { code: "messageNotFound" });
      await assert.rejects(bob.react(at(bob, 99), "👍", true), { code: "messageNotFound" });
      await ownersRoom.delete(at(ownersRoom, 1));
      await assert.rejects(ada.edit(at(ada, 1), "Back again"), { code: "messageDeleted", retryable: false });
      await assert.rejects(bob.react(at(bob, 1), "👍", true), { code: "messageDeleted" });
      await ada.delete(at(ada, 1));
      await until("Ada sees the deletion", () => ada.messages[0]?.deletedAt !== undefined);
      assert.deepEqual(texts(ada), ["", "Also mine"]);
      await assert.rejects(ada.edit(at(ada, 3), "A change is no message"), { code: "messageNotFound" });
    },
  ),

  scenario(
    "A repeated change is applied once, and a change without effect adds no event",
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
      await ackedSeq(one, { action: "send", room, id: "s", text: "Helo" });
      const edit = { action: "edit", room, seq: 1, id: "e", text: "Hello" } as const;
      assert.deepEqual([await ackedSeq(one, edit), await ackedSeq(one, edit), await ackedSeq(two, edit)], [2, 2, 2]);
      assert.equal(await ackedSeq(one, { ...edit, id: "e2" }), 2, "the same text again");
      const react = { action: "react", room, seq: 1, id: "r", emoji: "👍", on: true } as const;
      assert.deepEqual([await ackedSeq(one, react), await ackedSeq(two, react)], [3, 3]);
      assert.equal(await ackedSeq(one, { ...react, id: "r2" }), 3, "the same reaction again");
      assert.equal(
        await ackedSeq(one, { ...react, id: "r3", emoji: "🎉", on: false }),
        3,
        "removing a reaction that does not exist",
      );
      assert.equal(await ackedSeq(one, { ...edit, id: "e3", text: "Hello!" }), 4);
      assert.equal(await ackedSeq(two, edit), 2, "a late retry does not restore the older text");
      const remove = { action: "delete", room, seq: 1, id: "d" } as const;
      assert.deepEqual([await ackedSeq(one, remove), await ackedSeq(two, remove)], [5, 5]);
      assert.equal(await ackedSeq(two, { ...remove, id: "d2" }), 5, "already deleted");
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
    "A reconnecting client receives the changes that it missed, once and in order",
    ["edit", "delete", "react", "join", "update-room", "disconnect"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId } = await stage.roomOf(owner);
      const tab = stage.tab(await stage.guest("Ada"));
      const ada = await tab.client.join(roomId);
      const bob = await stage.join(roomId, "Bob");
      await sendAll(bob, "One", "Two");
      await sendAll(ada, "Mine");
      await until("both have all messages", () => [ada, bob].every(({ messages }) => messages.length === 3));
      const events = collectEvents(ada);
      tab.dropConnection();
      const mine = ada.edit(at(ada, 3), "Mine, edited");
      await bob.edit(at(bob, 1), "Uno");
      await bob.edit(at(bob, 1), "Eins");
      await bob.delete(at(bob, 2));
      await bob.react(at(bob, 3), "👍", true);
      await owner.api.updateRoom(roomId, { name: "Renamed" });
      await mine;
      await until("Ada receives every event", () => events.length === 6);
      assert.deepEqual(
        events.filter((event) => event !== "3 edited"),
        ["1 edited", "1 edited", "2 deleted", "3 reacted", "renamed Renamed"],
      );
      await until("both show the edit", () => [ada, bob].every((room) => room.messages[2]?.text === "Mine, edited"));
      assert.deepEqual(texts(ada), ["Eins", "", "Mine, edited"]);
      assert.deepEqual(texts(bob), texts(ada));
      assert.equal(ada.name, "Renamed");
    },
  ),

  scenario(
    "History shows messages in their current version, and the last change of a message on a page carries the message",
    ["history", "list-messages", "edit", "delete", "react"],
    async (stage) => {
      const { roomId: room } = await stage.room();
      const ada = await stage.join(room, "Ada");
      await sendAll(ada, "One", "Two", "Three");
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

  scenario("A message takes at most 20 different emoji", ["react"], async (stage) => {
    const { roomId } = await stage.room();
    const ada = await stage.join(roomId, "Ada");
    await sendAll(ada, "React to this");
    const emoji = Array.from({ length: 21 }, (_, n) => String.fromCodePoint(0x1f600 + n));
    for (const each of emoji.slice(0, 20)) await ada.react(at(ada, 1), each, true);
    await assert.rejects(ada.react(at(ada, 1), emoji[20] ?? "", true), { code: "tooManyReactions", retryable: false });
    await ada.react(at(ada, 1), emoji[0] ?? "", false);
    await ada.react(at(ada, 1), emoji[20] ?? "", true);
    await until("Ada sees the last emoji", () => ada.messages[0]?.reactions.at(-1)?.emoji === emoji[20]);
    assert.deepEqual(
      ada.messages[0]?.reactions.map((reaction) => reaction.emoji),
      emoji.slice(1),
    );
  }),
];
