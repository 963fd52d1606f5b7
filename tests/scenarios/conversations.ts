// Conversations: their members receive everything on every connection, without joining, and nobody else learns of them.

import assert from "node:assert/strict";
import type { Conversation, NewConversation } from "../../client/src/index.ts";
import { texts } from "../support/room.ts";
import { scenario } from "../support/scenario.ts";
import { type Guest, type Stage, withRetries } from "../support/stage.ts";
import { until } from "../support/until.ts";
import { ackedSeq, collectEvents, sendAll } from "./events.ts";

/** Opens a socket of a guest. Only who is connected can be found. */
export const socketOf = (stage: Stage, { token }: Guest) =>
  stage.socket({ protocols: ["parlor.v1", `token.${token}`] });

export const create = ({ api }: Guest, conversation: NewConversation) =>
  withRetries(() => api.createConversation(conversation));

/** Creates guests, each with a socket. */
export async function connected(stage: Stage, ...names: string[]) {
  return Promise.all(
    names.map(async (name) => {
      const guest = await stage.guest(name);
      return { ...guest, socket: await socketOf(stage, guest) };
    }),
  );
}

export const memberNames = ({ members }: Conversation) => members.map(({ name }) => name);

const group = (title: string, ...members: Guest[]) => ({ title, members: members.map(({ userId }) => userId) });

export const scenarios = [
  scenario(
    "Two people message each other by id: each receives it on all connections, without joining",
    [
      "authorize",
      "connect",
      "disconnect",
      "create-session",
      "create-conversation",
      "get-conversation",
      "send",
      "list-conversation-messages",
    ],
    async (stage) => {
      const [ada, bob] = await connected(stage, "Ada", "Bob");
      assert.ok(ada && bob);
      const bobsPhone = await socketOf(stage, bob);
      const found = await create(ada, { with: bob.userId });
      assert.deepEqual(
        [found.kind, found.title, found.seq, found.unread, memberNames(found)],
        ["direct", undefined, 0, 0, ["Ada", "Bob"]],
      );
      const { room } = found;
      assert.ok(room.startsWith("c-"));
      assert.equal((await create(bob, { with: ada.userId })).room, room);
      await assert.rejects(create(ada, { with: ada.userId }), { code: "invalidField" });

      const first = await ackedSeq(ada.socket, { action: "send", room, id: "1", text: "Hello, Bob" });
      assert.equal(await ackedSeq(ada.socket, { action: "send", room, id: "1", text: "Hello, Bob" }), first);
      const second = await ackedSeq(bobsPhone, { action: "send", room, id: "1", text: "Hello, Ada" });
      for (const socket of [ada.socket, bob.socket, bobsPhone]) {
        const one = await socket.next("message", ({ seq }) => seq === first);
        const two = await socket.next("message", ({ seq }) => seq === second);
        assert.deepEqual([one.room, one.text, one.from.userId], [room, "Hello, Bob", ada.userId]);
        assert.deepEqual([two.room, two.text, two.from.userId], [room, "Hello, Ada", bob.userId]);
      }
      const { seq, latest, unread } = await bob.api.conversation(room);
      assert.deepEqual([seq, latest?.text, latest?.from.name, unread], [second, "Hello, Ada", "Bob", 1]);
      const page = await ada.api.conversationMessages(room, { after: first });
      assert.deepEqual(
        page.events.map((event) => event.type === "message" && event.text),
        ["Hello, Ada"],
      );
    },
  ),

  scenario(
    "A group has all that a room has: order, messages sent once, changes, typing and resuming",
    [
      "create-conversation",
      "join",
      "send",
      "edit",
      "delete",
      "react",
      "history",
      "typing",
      "ping",
      "leave",
      "update-conversation",
      "remove-member",
    ],
    async (stage) => {
      const [ada, bob] = await connected(stage, "Ada", "Bob");
      assert.ok(ada && bob);
      const { room: id, members } = await create(ada, group("Tea", bob));
      assert.deepEqual(
        members.map(({ name, role }) => [name, role]),
        [
          ["Ada", "owner"],
          ["Bob", "member"],
        ],
      );
      const tab = stage.tab(bob);
      const [adas, bobs] = [await stage.tab(ada).client.join(id), await tab.client.join(id)];
      assert.deepEqual([adas.name, adas.you.name, bobs.notices[0]?.kind], ["Tea", "Ada", "added"]);
      const events = collectEvents(bobs);
      bobs.sendTyping();
      await until("Ada sees Bob typing", () => adas.typing.some(({ name }) => name === "Bob"));
      for (const n of [1, 2, 3]) {
        adas.send(`Ada ${n}`);
        bobs.send(`Bob ${n}`);
      }
      const hasAll = (room: typeof adas) =>
        room.messages.length === 6 && room.messages.every(({ status }) => status === "sent");
      await until("both have all messages", () => hasAll(adas) && hasAll(bobs));
      assert.deepEqual(texts(adas), texts(bobs));
      const [message] = adas.messages.filter(({ own }) => own);
      assert.ok(message);
      await adas.edit(message, "Ada one");
      await bobs.react(message, "🫖", true);
      await assert.rejects(bobs.edit(message, "Mine"), { code: "forbidden" });
      await until("Bob has the changes", () => events.filter((event) => / edited| reacted/.test(event)).length === 2);
      const shown = bobs.messages.find(({ seq }) => seq === message.seq);
      assert.deepEqual([shown?.text, shown?.reactions[0]?.userIds], ["Ada one", [bob.userId]]);

      tab.dropConnection();
      await adas.delete(message);
      await sendAll(adas, "While Bob is away");
      await until("Bob has what he missed", () => texts(bobs).includes("While Bob is away"));
      assert.deepEqual(texts(bobs), texts(adas));
      assert.ok(!events.includes("discontinuity"));

      await withRetries(() => bob.api.updateConversation(id, { title: "Green tea" }));
      await until("both see the new title", () => adas.name === "Green tea" && bobs.name === "Green tea");
      await bobs.leave();
      await sendAll(adas, "Closing the view does not end the membership");
      await bob.socket.next("message", ({ text }) => text.startsWith("Closing"));
      await ada.api.removeMember(id, ada.userId);
      await bob.socket.next("notice", ({ kind }) => kind === "memberLeft");
      assert.deepEqual((await bob.api.conversation(id)).members[0], { userId: bob.userId, name: "Bob", role: "owner" });
      await bob.api.removeMember(id, bob.userId);
      await assert.rejects(bob.api.conversation(id), { code: "roomNotFound" });
    },
  ),

  scenario(
    "A group is created once, however often it is asked for, and everyone is told again",
    ["create-conversation"],
    async (stage) => {
      const [ada, bob] = await connected(stage, "Ada", "Bob");
      assert.ok(ada && bob);
      const body = { ...group("Plans", bob), id: "plans" };
      const { room } = await create(ada, body);
      const isAdded = ({ kind, room: of }: { kind: string; room: string }) => kind === "added" && of === room;
      const first = await bob.socket.next("notice", isAdded);
      assert.equal((await create(ada, body)).room, room);
      assert.equal((await bob.socket.next("notice", isAdded)).seq, first.seq);
    },
  ),

  scenario(
    "Who is added to a group receives it at once, and who is removed receives nothing more",
    ["create-conversation", "add-members", "remove-member", "send", "list-conversation-messages"],
    async (stage) => {
      const [ada, bob, cleo, dan] = await connected(stage, "Ada", "Bob", "Cleo", "Dan");
      assert.ok(ada && bob && cleo && dan);
      const { room } = await create(ada, group("Plans", bob));
      await bob.socket.next("notice", ({ kind, people }) => kind === "added" && people?.[0]?.userId === bob.userId);
      await ackedSeq(ada.socket, { action: "send", room, id: "1", text: "Before Cleo" });
      const added = await withRetries(() => bob.api.addMembers(room, [cleo.userId]));
      assert.deepEqual(memberNames(added), ["Bob", "Ada", "Cleo"]);
      const { seq: first } = await cleo.socket.next("notice", ({ kind }) => kind === "added");
      await withRetries(() => bob.api.addMembers(room, [cleo.userId]));
      const secret = await ackedSeq(ada.socket, { action: "send", room, id: "2", text: "For Cleo too" });
      assert.equal((await cleo.socket.next("message")).text, "For Cleo too");
      const page = await cleo.api.conversationMessages(room);
      assert.deepEqual([page.first, page.from, page.events.map(({ seq }) => seq)], [first, first, [first, secret]]);
      // A change of what Cleo may not read comes without the message.
      await ackedSeq(ada.socket, { action: "edit", room, id: "3", seq: first - 1, text: "Before Cleo, edited" });
      const change = await cleo.socket.next("change");
      assert.deepEqual([change.of, change.message], [first - 1, undefined]);

      await assert.rejects(bob.api.removeMember(room, cleo.userId), { code: "forbidden" });
      await withRetries(() => ada.api.removeMember(room, cleo.userId));
      assert.deepEqual(await cleo.socket.next("left"), { type: "left", room, reason: "notMember" });
      await bob.socket.next("notice", ({ kind, people }) => kind === "removed" && people?.[0]?.userId === cleo.userId);
      cleo.socket.takeUnread();
      await ackedSeq(ada.socket, { action: "send", room, id: "4", text: "Without Cleo" });
      await bob.socket.next("message", ({ id }) => id === "4");
      for (const frame of [
        { action: "send", room, text: "Me?" },
        { action: "join", room },
        { action: "history", room },
        { action: "read", room, seq: 1 },
        { action: "typing", room },
      ]) {
        const answer = await cleo.socket.request(frame);
        assert.equal(answer.type === "error" && answer.code, "roomNotFound", frame.action);
      }
      await assert.rejects(cleo.api.conversationMessages(room), { code: "roomNotFound" });
      assert.deepEqual((await cleo.api.conversations()).conversations, []);
      assert.deepEqual(cleo.socket.unread, []);

      await withRetries(() => ada.api.addMembers(room, [cleo.userId, dan.userId]));
      const again = await cleo.socket.next("notice", ({ kind }) => kind === "added");
      assert.equal((await cleo.api.conversation(room)).first, again.seq);
      await ackedSeq(dan.socket, { action: "send", room, id: "5", text: "Hello from Dan" });
      assert.equal((await cleo.socket.next("message")).text, "Hello from Dan");
      for (const { api, userId } of [cleo, dan, bob, ada]) await withRetries(() => api.removeMember(room, userId));
    },
  ),

  scenario(
    "New members of a group that shares its history read all of it",
    ["create-conversation", "add-members", "join", "list-conversation-messages"],
    async (stage) => {
      const [ada, bob, cleo] = await connected(stage, "Ada", "Bob", "Cleo");
      assert.ok(ada && bob && cleo);
      const { room } = await create(ada, { ...group("Open book", bob), history: "all" });
      await ackedSeq(ada.socket, { action: "send", room, id: "1", text: "Chapter one" });
      await withRetries(() => ada.api.addMembers(room, [cleo.userId]));
      assert.deepEqual(texts(await stage.tab(cleo).client.join(room)), ["Chapter one"]);
      assert.equal((await cleo.api.conversation(room)).unread, 1);
      await withRetries(() => ada.api.removeMember(room, bob.userId));
      assert.deepEqual(memberNames(await ada.api.conversation(room)), ["Ada", "Cleo"]);
    },
  ),
];
