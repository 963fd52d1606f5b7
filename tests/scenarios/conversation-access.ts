// Conversations: what people see in their list, what they have read, whom they block, and that nobody else gets in.

import assert from "node:assert/strict";
import type { ServerFrame } from "../../client/src/protocol.ts";
import { scenario } from "../support/scenario.ts";
import { withRetries } from "../support/stage.ts";
import { connected, create, socketOf } from "./conversations.ts";
import { ackedSeq } from "./events.ts";

export const scenarios = [
  scenario(
    "The list has the latest message and what is unread, page by page, most recently active first",
    ["create-conversation", "list-conversations", "send", "read"],
    async (stage) => {
      const [ada, bob, cleo] = await connected(stage, "Ada", "Bob", "Cleo");
      assert.ok(ada && bob && cleo);
      const { room: withBob } = await create(ada, { with: bob.userId });
      const { room: withCleo } = await create(ada, { with: cleo.userId });
      assert.deepEqual((await ada.api.conversations()).conversations, []);
      await ackedSeq(bob.socket, { action: "send", room: withBob, id: "1", text: "One" });
      await ackedSeq(bob.socket, { action: "send", room: withBob, id: "2", text: "x".repeat(300) });
      await ackedSeq(cleo.socket, { action: "send", room: withCleo, id: "1", text: "Three" });
      const first = await ada.api.conversations({ limit: 1 });
      assert.deepEqual(
        first.conversations.map(({ room, unread, latest }) => [room, unread, latest?.text, latest?.from.name]),
        [[withCleo, 1, "Three", "Cleo"]],
      );
      assert.ok(first.cursor);
      const second = await ada.api.conversations({ limit: 1, cursor: first.cursor });
      assert.deepEqual(
        second.conversations.map(({ room, unread, latest }) => [room, unread, latest?.text]),
        [[withBob, 2, "x".repeat(200)]],
      );
      assert.equal(second.cursor, undefined);
      await assert.rejects(ada.api.conversations({ cursor: `9${first.cursor}` }), { code: "invalidField" });
      await assert.rejects(bob.api.conversations({ limit: 51 }), { code: "invalidField" });
      await assert.rejects(stage.api.conversations(), { code: "unauthorized" });

      const answer = await ada.socket.request({ action: "read", room: withBob, seq: 1 });
      assert.deepEqual(answer.type === "read" && [answer.room, answer.userId, answer.seq], [withBob, ada.userId, 1]);
      const unread = async () => {
        const { conversations } = await ada.api.conversations({ unread: true });
        return conversations.map(({ room, unread }) => [room, unread]);
      };
      assert.deepEqual(await unread(), [
        [withCleo, 1],
        [withBob, 1],
      ]);
      await ada.socket.request({ action: "read", room: withBob, seq: 2 });
      assert.deepEqual(await unread(), [[withCleo, 1]]);
    },
  ),

  scenario(
    "Reading is known in a person's other tabs, and to the others unless it is kept private",
    ["create-conversation", "get-conversation", "read", "send", "join"],
    async (stage) => {
      const [ada, bob] = await connected(stage, "Ada", "Bob");
      assert.ok(ada && bob);
      const phone = await socketOf(stage, ada);
      const { room } = await create(ada, { with: bob.userId });
      for (const id of ["1", "2", "3"]) await ackedSeq(bob.socket, { action: "send", room, id, text: id });
      const readBy = async () => (await bob.api.conversation(room)).members.map(({ name, read }) => [name, read]);

      await ada.socket.request({ action: "read", room, seq: 2 });
      const marker = { type: "read", room, userId: ada.userId, seq: 2 };
      assert.deepEqual(await phone.next("read"), marker);
      assert.deepEqual(await bob.socket.next("read"), marker);
      assert.deepEqual(await readBy(), [
        ["Bob", undefined],
        ["Ada", 2],
      ]);
      // Backwards only on request.
      await ada.socket.request({ action: "read", room, seq: 1 });
      assert.equal((await ada.api.conversation(room)).unread, 1);
      await ada.socket.request({ action: "read", room, seq: 2, unread: true });
      assert.equal((await phone.next("read")).seq, 1);
      assert.equal((await ada.api.conversation(room)).unread, 2);

      await ada.socket.request({ action: "read", room, seq: 3, private: true });
      assert.equal((await phone.next("read")).seq, 3);
      assert.deepEqual(await readBy(), [
        ["Bob", undefined],
        ["Ada", undefined],
      ]);
      await bob.socket.request({ action: "read", room, seq: 3 });
      phone.send({ action: "join", room });
      const { conversation } = await phone.next("joined");
      assert.deepEqual([conversation?.read, conversation?.members.map(({ read }) => read)], [3, [3, undefined]]);
      await ackedSeq(bob.socket, { action: "send", room, id: "4", text: "4" });
      await ada.socket.next("message", ({ id }) => id === "4");
      assert.ok(![...ada.socket.unread, ...bob.socket.unread].some(({ type }) => type === "read"));
    },
  ),

  scenario(
    "A blocked person cannot write to whoever blocks them, until they are unblocked",
    ["create-conversation", "block", "unblock", "list-blocks", "send", "get-conversation"],
    async (stage) => {
      const [ada, bob] = await connected(stage, "Ada", "Bob");
      assert.ok(ada && bob);
      await withRetries(() => ada.api.block(bob.userId));
      await ada.api.block(bob.userId);
      assert.deepEqual(await ada.api.blocks(), [bob.userId]);
      assert.deepEqual(await bob.api.blocks(), []);
      const { room } = await create(bob, { with: ada.userId });
      for (const frame of [
        { action: "send", room, text: "Hello?" },
        { action: "typing", room },
      ]) {
        const answer: ServerFrame = await bob.socket.request(frame);
        assert.equal(answer.type === "error" && answer.code, "blocked", frame.action);
      }
      const [hers, his] = [await ada.api.conversation(room), await bob.api.conversation(room)];
      assert.deepEqual([hers.blocked, his.blocked, hers.seq], [true, undefined, 0]);
      await ada.api.unblock(bob.userId);
      assert.deepEqual(await ada.api.blocks(), []);
      await ackedSeq(bob.socket, { action: "send", room, id: "1", text: "Hello!" });
      assert.equal((await ada.socket.next("message")).text, "Hello!");
      await assert.rejects(ada.api.block("nobody"), { code: "personNotFound" });
      await assert.rejects(ada.api.block(ada.userId), { code: "invalidField" });
    },
  ),

  scenario(
    "A conversation does not exist for those who are not its members, whatever id they guess",
    [
      "create-conversation",
      "get-conversation",
      "update-conversation",
      "list-conversation-messages",
      "add-members",
      "remove-member",
    ],
    async (stage) => {
      const [ada, bob, eve] = await connected(stage, "Ada", "Bob", "Eve");
      assert.ok(ada && bob && eve);
      const { room: direct } = await create(ada, { with: bob.userId });
      const { room: group } = await create(ada, { title: "Secret", members: [bob.userId] });
      await ackedSeq(ada.socket, { action: "send", room: direct, id: "1", text: "Between us" });
      await ackedSeq(ada.socket, { action: "send", room: group, id: "1", text: "Between us" });
      for (const room of [direct, group, "c-guessed"]) {
        for (const [attempt, request] of Object.entries({
          get: () => eve.api.conversation(room),
          rename: () => eve.api.updateConversation(room, { title: "Mine" }),
          read: () => eve.api.conversationMessages(room),
          add: () => eve.api.addMembers(room, [eve.userId]),
          remove: () => eve.api.removeMember(room, bob.userId),
          leave: () => eve.api.removeMember(room, eve.userId),
          "as a room": () => eve.api.room(room),
          "its messages as a room's": () => eve.api.messages(room),
          rules: () => eve.api.updateRoom(room, { name: "Mine" }),
          clear: () => eve.api.clearRoom(room),
          close: () => eve.api.closeRoom(room),
        }))
          await assert.rejects(withRetries<unknown>(request), { code: "roomNotFound" }, `${attempt} ${room}`);
        for (const frame of [
          { action: "join", room },
          { action: "send", room, text: "Hello" },
          { action: "edit", room, seq: 1, text: "Hello" },
          { action: "delete", room, seq: 1 },
          { action: "react", room, seq: 1, emoji: "🫖", on: true },
          { action: "history", room },
          { action: "read", room, seq: 1 },
          { action: "typing", room },
        ]) {
          const answer: ServerFrame = await eve.socket.request(frame);
          assert.equal(answer.type === "error" && answer.code, "roomNotFound", `${frame.action} ${room}`);
        }
      }
      // Members learn nothing more through the routes of rooms, and cannot change a conversation with them.
      for (const request of [
        () => ada.api.room(group),
        () => ada.api.messages(group),
        () => ada.api.updateRoom(group, { name: "Room" }),
        () => ada.api.closeRoom(group),
      ])
        await assert.rejects(withRetries<unknown>(request), { code: "roomNotFound" });
      await assert.rejects(ada.api.addMembers(direct, [eve.userId]), { code: "forbidden" });
      await assert.rejects(ada.api.removeMember(direct, bob.userId), { code: "forbidden" });
      await assert.rejects(ada.api.updateConversation(direct, { title: "Us" }), { code: "forbidden" });
      await assert.rejects(create(ada, { with: "nobody" }), { code: "personNotFound" });
      await assert.rejects(create(ada, { title: "Alone", members: [] }), { code: "invalidField" });
      assert.deepEqual((await eve.api.conversations()).conversations, []);
      assert.deepEqual(eve.socket.unread, []);
    },
  ),
];
