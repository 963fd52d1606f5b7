// Accounts: each is one person from its first request on, perhaps one who began as a guest.

import assert from "node:assert/strict";
import { newId } from "../../../client/src/index.ts";
import type { Scenario } from "../../support/scenario.ts";
import { withRetries } from "../../support/stage.ts";
import { personOf, signIn, tokenRoutes } from "./sign-in-fixtures.ts";

const requests = tokenRoutes.flatMap(({ name, trigger }) => (trigger.kind === "http" ? [{ name, ...trigger }] : []));

export const scenarios: readonly Scenario[] = [
  signIn(
    "A guest who signs in stays the same person, with rooms, conversations and handle, on every device",
    [
      "link-guest",
      "authorize",
      "get-me",
      "claim-handle",
      "create-conversation",
      "get-conversation",
      "update-room",
      "get-person",
      "erase-me",
    ],
    async ({ stage, admin, provider, key }) => {
      const [guest, ben] = [await stage.guest("Ada"), await stage.guest("Ben")];
      const { roomId } = await stage.roomOf(guest);
      const handle = newId().slice(0, 16);
      await guest.api.claimHandle(handle);
      stage.tab(ben);
      await ben.api.claimHandle(newId().slice(0, 16));
      const conversation = await guest.api.createConversation({ with: ben.userId });

      const sub = newId();
      const token = () => key.sign({ ...provider.claims({ sub, name: "Ada King" }), jti: newId() });
      const account = { token: token(), api: stage.apiOf(token()) };
      assert.deepEqual(await account.api.linkGuest(guest.token), {
        userId: guest.userId,
        name: "Ada King",
        handle,
      });
      assert.equal((await account.api.linkGuest(guest.token)).userId, guest.userId, "a retry is answered alike");

      const laptop = await personOf(stage, token());
      assert.equal(laptop.userId, guest.userId);
      const { members } = await laptop.api.conversation(conversation.room);
      assert.deepEqual(
        members.map(({ userId }) => userId),
        [guest.userId, ben.userId],
      );
      assert.equal((await laptop.api.updateRoom(roomId, { name: "Tea" })).name, "Tea");
      const room = await stage.tab(laptop).client.join(roomId);
      assert.equal(room.you.userId, guest.userId);
      assert.equal((await stage.api.person(handle)).userId, guest.userId);
      const rows = await admin.rowsOf(handle);
      assert.ok(!rows.some(({ row }) => "ttl" in row), "the handle lasts beyond the guest's token");

      const other = stage.apiOf(key.sign(provider.claims({ sub: newId(), name: "Eve" })));
      await assert.rejects(other.linkGuest(guest.token), { code: "alreadyLinked" });
      await assert.rejects(other.linkGuest("no token"), { code: "unauthorized" });
      assert.notEqual((await other.me()).userId, guest.userId);
      const another = await stage.guest("Another");
      await assert.rejects(other.linkGuest(another.token), { code: "alreadyLinked" }, "they are somebody already");

      await withRetries(() => other.eraseMe());
      assert.equal((await other.linkGuest(another.token)).userId, another.userId, "a new beginning");
    },
  ),

  signIn(
    "An account is somebody from its first request or connection on, whichever that is",
    tokenRoutes.map(({ name }) => name),
    async ({ stage, provider, key }) => {
      const tokenOf = (sub: string) => key.sign(provider.claims({ sub, name: "Ada" }));
      const linked = async (sub: string) =>
        stage
          .apiOf(tokenOf(sub))
          .linkGuest((await stage.guest("Guest")).token)
          .then(() => true);
      for (const { name, method, path } of requests.filter(({ name }) => name !== "link-guest")) {
        const sub = newId();
        const url = stage.addresses.apiUrl.replace(/\/api$/, path.replaceAll(/\{\w+\}/g, "nobody"));
        const answer = await fetch(url, { method, headers: { authorization: `Bearer ${tokenOf(sub)}` } });
        assert.ok(answer.status < 500, `${name}: ${answer.status}`);
        if (name === "erase-me") assert.ok(await linked(sub), "and nobody after it has been erased");
        else await assert.rejects(linked(sub), { code: "alreadyLinked" }, name);
      }
      const sub = newId();
      await stage.socket({ protocols: ["parlor.v1", `token.${tokenOf(sub)}`] });
      await assert.rejects(linked(sub), { code: "alreadyLinked" }, "a connection");
      assert.ok(await linked(newId()));
    },
  ),
];
