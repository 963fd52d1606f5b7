// Everything that is stored about a person: getting it, and deleting it.

import assert from "node:assert/strict";
import { newId } from "../../client/src/index.ts";
import type { Message } from "../../client/src/protocol.ts";
import { scenario } from "../support/scenario.ts";
import { withRetries } from "../support/stage.ts";
import { until } from "../support/until.ts";
import { connected, create, memberNames } from "./conversations.ts";

export const scenarios = [
  scenario(
    "A person gets everything that is stored about them, deletes it, and the others keep theirs",
    [
      "export-me",
      "erase-me",
      "create-room",
      "join",
      "send",
      "read",
      "create-conversation",
      "remove-member",
      "block",
      "claim-handle",
      "get-person",
      "get-conversation",
    ],
    async (stage) => {
      const [ada, ben, eve] = await connected(stage, "Ada", "Ben", "Eve");
      assert.ok(ada && ben && eve);
      const handle = newId().slice(0, 16);
      await withRetries(() => ada.api.claimHandle(handle));
      const { roomId: room } = await stage.roomOf(ben);
      const direct = (await create(ada, { with: ben.userId })).room;
      const group = (await create(ada, { title: "Tea", members: [ben.userId] })).room;
      const left = (await create(ben, { title: "Coffee", members: [ada.userId] })).room;
      for (const { socket } of [ada, ben]) await socket.request({ action: "join", room });
      for (const place of [room, direct, group, left]) {
        await ada.socket.request({ action: "send", room: place, id: "1", text: "Hello" });
        await ben.socket.request({ action: "send", room: place, id: "2", text: "Hello, Ada" });
      }
      await ada.socket.request({ action: "read", room: direct, seq: 2 });
      await withRetries(() => ada.api.removeMember(left, ada.userId));
      await withRetries(() => ada.api.block(eve.userId));

      const exported = await withRetries(() => ada.api.exportMe());
      assert.deepEqual(exported.me, { userId: ada.userId, name: "Ada", handle });
      assert.deepEqual(exported.blocks, [eve.userId]);
      assert.deepEqual([...(exported.visited ?? [])].sort(), [left, room].sort());
      const places = ({ messages }: { readonly messages: readonly Message[] }) => messages.map(({ room }) => room);
      assert.deepEqual(places(exported).sort(), [room, direct, group, left].sort());
      assert.ok(exported.messages.every(({ text, from }) => text === "Hello" && from.userId === ada.userId));
      const reads = (exported.memberships ?? []).flatMap(({ room, read }) => (room === direct ? [read] : []));
      assert.deepEqual(reads, [2]);
      assert.equal(exported.cursor, undefined);

      await withRetries(() => ada.api.eraseMe({ messages: true }));
      await until("her connection is closed", () => ada.socket.closeCode !== undefined);
      for (const place of [room, direct, group, left]) {
        await ben.socket.next("change", ({ room, kind }) => room === place && kind === "deleted");
      }
      const page = await ben.api.messages(room);
      const messages = page.events.flatMap((event) => (event.type === "message" ? [event] : []));
      assert.deepEqual(
        messages.map(({ text, from }) => [from.name, text]),
        [
          ["Deleted person", ""],
          ["Ben", "Hello, Ada"],
        ],
      );
      assert.deepEqual(memberNames(await ben.api.conversation(direct)), ["Ben", "Deleted person"]);
      assert.deepEqual(memberNames(await ben.api.conversation(group)), ["Ben"]);
      await assert.rejects(ada.api.conversation(direct), { code: "roomNotFound" });
      await assert.rejects(stage.api.person(handle), { code: "personNotFound" });
      const nothing = await ada.api.exportMe();
      assert.deepEqual(
        [nothing.messages, nothing.memberships, nothing.visited, nothing.blocks],
        [[], undefined, undefined, undefined],
      );
    },
  ),

  scenario(
    "Somebody who deleted everything and comes back is a member of a direct conversation again, from then on",
    ["erase-me", "block", "create-conversation", "send", "get-conversation"],
    async (stage) => {
      const [ada, ben] = await connected(stage, "Ada", "Ben");
      assert.ok(ada && ben);
      const { room } = await create(ada, { with: ben.userId });
      await ben.socket.request({ action: "send", room, id: "1", text: "Hello" });
      await withRetries(() => ada.api.eraseMe());
      assert.equal((await create(ada, { with: ben.userId })).room, room);
      const again = await ada.api.conversation(room);
      assert.deepEqual([memberNames(again), again.unread], [["Ada", "Ben"], 0]);

      await withRetries(() => ada.api.eraseMe());
      ben.socket.takeUnread();
      await withRetries(() => ada.api.block(ben.userId));
      await ben.socket.next("notice", ({ kind, people }) => kind === "added" && people?.[0]?.userId === ada.userId);
      const refused = await ben.socket.request({ action: "send", room, id: "2", text: "Are you there?" });
      assert.equal(refused.type === "error" && refused.code, "blocked");
    },
  ),

  scenario("Only an account continues as a guest", ["link-guest", "create-session"], async (stage) => {
    const [ada, ben] = [await stage.guest("Ada"), await stage.guest("Ben")];
    await assert.rejects(ada.api.linkGuest(ben.token), { code: "forbidden" });
  }),
];
