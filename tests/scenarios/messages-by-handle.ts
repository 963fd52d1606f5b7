// Writing to somebody by their handle: without a token, from any WebSocket client.

import assert from "node:assert/strict";
import { newId } from "../../client/src/index.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { scenario } from "../support/scenario.ts";
import { withRetries } from "../support/stage.ts";
import { socketOf } from "./conversations.ts";

/** Registers a handle that nobody has. */
async function register(socket: RawSocket, name: string): Promise<string> {
  const handle = `${name}.${newId().slice(0, 16)}`;
  assert.equal((await socket.request({ action: "register", handle })).type, "registered");
  return handle;
}

export const scenarios = [
  scenario(
    "Two people without tokens register handles, write to each other by them, and nobody else can",
    ["register", "send", "connect", "disconnect"],
    async (stage) => {
      const [ada, bob] = [await stage.socket(), await stage.socket()];
      const [adas, bobs] = [await register(ada, "ada"), await register(bob, "bob")];
      const ack = await bob.request({ action: "send", to: `@${adas}`, id: "1", text: "Hi" });
      assert.equal(ack.type, "ack");
      const first = await ada.next("message");
      assert.deepEqual([first.text, first.seq], ["Hi", 1]);
      await ada.request({ action: "send", to: bobs.toUpperCase(), id: "1", text: "Hello" });
      const reply = await bob.next("message", ({ text }) => text === "Hello");
      assert.equal(reply.room, first.room);
      const wrong = { [adas]: "invalidField", [`x${newId().slice(0, 16)}`]: "personNotFound" };
      for (const [to, code] of Object.entries(wrong)) {
        const answer = await ada.request({ action: "send", to, id: "2", text: "Who?" });
        assert.equal(answer.type === "error" && answer.code, code, to);
      }
    },
  ),

  scenario(
    "Who has a handle is found by it and by id, also while they are offline, for conversations, groups and blocks",
    ["claim-handle", "release-handle", "create-conversation", "add-members", "block", "unblock"],
    async (stage) => {
      const [ada, bob, cleo] = await Promise.all(["Ada", "Bob", "Cleo"].map((name) => stage.guest(name)));
      assert.ok(ada && bob && cleo);
      const handleOf = async ({ api }: typeof ada, name: string) =>
        (await api.claimHandle(`${name}.${newId().slice(0, 16)}`)).handle;
      const [bobs, cleos] = [await handleOf(bob, "bob"), await handleOf(cleo, "cleo")];
      try {
        const { room } = await withRetries(() => ada.api.createConversation({ with: `@${bobs}` }));
        assert.equal((await withRetries(() => ada.api.createConversation({ with: bob.userId }))).room, room);
        const group = await withRetries(() => ada.api.createConversation({ title: "Tea", members: [bob.userId] }));
        const added = await withRetries(() => ada.api.addMembers(group.room, [`@${cleos}`]));
        assert.deepEqual(added.members.map(({ name }) => name).sort(), ["Ada", "Bob", "Cleo"]);
        await withRetries(() => ada.api.addMembers(group.room, [cleo.userId]));
        await withRetries(() => ada.api.block(cleo.userId));
        assert.deepEqual(await ada.api.blocks(), [cleo.userId]);
        const socket = await socketOf(stage, cleo);
        const refused = { action: "send", to: (await ada.api.claimHandle(`ada.${newId().slice(0, 16)}`)).handle };
        const answer = await socket.request({ ...refused, id: "1", text: "Hello?" });
        assert.equal(answer.type === "error" && answer.code, "blocked");
        await withRetries(() => ada.api.unblock(cleo.userId));
        await withRetries(() => ada.api.block(`@${cleos}`));
        assert.deepEqual(await ada.api.blocks(), [cleo.userId]);
        for (const { api, userId } of [cleo, bob, ada]) await withRetries(() => api.removeMember(group.room, userId));
      } finally {
        for (const { api } of [ada, bob, cleo]) await api.releaseHandle();
      }
    },
  ),

  scenario(
    "Who opens a conversation learns its number with each pong, and leaving twice is the same as once",
    ["join", "ping", "leave", "remove-member", "create-conversation"],
    async (stage) => {
      const [ada, bob] = await Promise.all(["Ada", "Bob"].map((name) => stage.guest(name)));
      assert.ok(ada && bob);
      const [adas, bobs] = [await socketOf(stage, ada), await socketOf(stage, bob)];
      const { room } = await withRetries(() => ada.api.createConversation({ title: "Tea", members: [bob.userId] }));
      await bobs.request({ action: "join", room });
      await adas.request({ action: "send", room, id: "1", text: "Tea?" });
      const seqOf = async () => {
        const pong = await bobs.request({ action: "ping" });
        return pong.type === "pong" ? pong.rooms[room]?.seq : undefined;
      };
      assert.equal(await seqOf(), 2);
      for (let n = 0; n < 2; n++) await withRetries(() => bob.api.removeMember(room, bob.userId));
      assert.equal(await seqOf(), undefined);
      await withRetries(() => ada.api.removeMember(room, ada.userId));
    },
  ),
];
