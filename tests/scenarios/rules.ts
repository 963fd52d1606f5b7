// Rooms with rules: an end, a password, and an owner who must be there.

import assert from "node:assert/strict";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";

/** The rate that docs/protocol.md documents. */
const ATTEMPTS = 5;

export const scenarios = [
  scenario(
    "A room states its rules to whoever describes, lists or joins it",
    ["create-room", "get-room", "join"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const rules = { expiresInSeconds: 600, maxPeople: 20, uniqueNames: true, endsWithoutOwnerAfterSeconds: 60 };
      const room = await stage.roomOf(owner, { name: "Tea", ...rules });
      const { endsAt, maxPeople, uniqueNames, passwordRequired, endsWithoutOwnerAfterSeconds, isFull } = room;
      assert.equal(endsAt, room.createdAt + 600_000);
      assert.deepEqual([maxPeople, uniqueNames, passwordRequired, isFull], [20, true, false, false]);
      assert.equal(endsWithoutOwnerAfterSeconds, 60);
      const ada = await stage.join(room.roomId, "Ada");
      assert.deepEqual(ada.rules, { endsAt, maxPeople, uniqueNames, passwordRequired, endsWithoutOwnerAfterSeconds });
      assert.deepEqual((await stage.api.room(room.roomId)).names, ["Ada"]);
      for (const wrong of [{ expiresInSeconds: 59 }, { maxPeople: 1 }, { password: "7 chars" }]) {
        await assert.rejects(owner.api.createRoom({ name: "Tea", ...wrong }), { code: "invalidField" });
      }
      await assert.rejects(stage.api.createRoom({ name: "Nobody's", endsWithoutOwnerAfterSeconds: 60 }), {
        code: "invalidField",
      });
    },
  ),

  scenario(
    "Only who knows the password joins a room, and reads it over HTTP",
    ["create-room", "create-pass", "join", "get-room", "list-messages"],
    async (stage) => {
      const room = await stage.room({ password: "earl grey", maxPeople: 5 });
      const other = await stage.room({ password: "earl grey" });
      assert.equal(room.passwordRequired, true);
      const { pass: wrong } = await stage.api.createPass(other.roomId, "earl grey");
      await assert.rejects(stage.api.createPass(room.roomId, "lady grey"), { code: "wrongPassword" });
      for (const credentials of [{}, { pass: wrong }, { pass: "earl grey" }]) {
        await assert.rejects(stage.tab().client.join(room.roomId, credentials), { code: "passRequired" });
        await assert.rejects(stage.api.messages(room.roomId, credentials), { code: "passRequired" });
      }
      assert.equal((await stage.api.room(room.roomId)).names, undefined);
      await assert.rejects(stage.api.room(room.roomId, { pass: wrong }), { code: "passRequired" });
      const { pass } = await stage.api.createPass(room.roomId, "earl grey");
      const ada = await stage.tab().client.join(room.roomId, { name: "Ada", pass });
      ada.send("Inside");
      await until("the message is sent", () => ada.messages[0]?.status === "sent");
      assert.equal((await stage.api.messages(room.roomId, { pass })).events.length, 1);
      assert.deepEqual((await stage.api.room(room.roomId, { pass })).names, ["Ada"]);
    },
  ),

  scenario(
    "A new password keeps those inside and is required of those who come back",
    ["update-room", "create-pass", "join", "send"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId } = await stage.roomOf(owner, { password: "earl grey" });
      const { pass } = await stage.api.createPass(roomId, "earl grey");
      const tab = stage.tab();
      const ada = await tab.client.join(roomId, { name: "Ada", pass });
      const left: string[] = [];
      ada.on("left", (reason) => left.push(reason));
      await owner.api.updateRoom(roomId, { password: "darjeeling" });
      ada.send("Still inside");
      await until("the message is sent", () => ada.messages[0]?.status === "sent");
      await assert.rejects(stage.api.createPass(roomId, "earl grey"), { code: "wrongPassword" });
      tab.dropConnection();
      await until("Ada is out", () => left.length === 1);
      assert.deepEqual(left, ["passRequired"]);
      const { pass: another } = await stage.api.createPass(roomId, "darjeeling");
      await tab.client.join(roomId, { name: "Ada", pass: another });
      await owner.api.updateRoom(roomId, { password: null });
      await stage.join(roomId, "Bob");
      await assert.rejects(stage.api.createPass(roomId, "darjeeling"), { code: "invalidField" });
    },
  ),

  scenario(
    "Attempts at a room's password are limited, and do not affect other rooms",
    ["create-pass"],
    async (stage) => {
      const room = await stage.room({ password: "earl grey" });
      const other = await stage.room({ password: "earl grey" });
      const attempts = Array.from({ length: ATTEMPTS }, () => stage.api.createPass(room.roomId, "lady grey"));
      await Promise.all(attempts.map((attempt) => assert.rejects(attempt, { code: "wrongPassword" })));
      await assert.rejects(stage.api.createPass(room.roomId, "earl grey"), { code: "rateLimited" });
      await stage.api.createPass(other.roomId, "earl grey");
    },
  ),

  scenario(
    "The owner changes a room's rules, and everyone in it learns them",
    ["update-room", "join"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId } = await stage.roomOf(owner, { name: "Tea", expiresInSeconds: 600 });
      const ada = await stage.join(roomId, "Ada");
      const changed = await owner.api.updateRoom(roomId, { expiresInSeconds: 1_200, uniqueNames: true });
      await until("Ada knows the new end", () => ada.rules.endsAt === changed.endsAt);
      assert.equal(ada.rules.uniqueNames, true);
      await owner.api.updateRoom(roomId, { name: "Green tea", expiresInSeconds: null });
      await until("Ada knows that there is no end", () => ada.rules.endsAt === undefined);
      assert.equal(ada.name, "Green tea");
      assert.deepEqual(
        ada.notices.map(({ kind }) => kind),
        ["rulesChanged", "rulesChanged"],
      );
      await assert.rejects(owner.api.updateRoom(roomId, {}), { code: "invalidField" });
      await assert.rejects((await stage.guest("Eve")).api.updateRoom(roomId, { maxPeople: 2 }), { code: "forbidden" });
    },
  ),
];
