// Renaming and clearing a room.

import assert from "node:assert/strict";
import { texts } from "../support/room.ts";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";
import { collectEvents, sendAll } from "./events.ts";

export const scenarios = [
  scenario(
    "When the owner renames a room, everyone in it and later joiners see the new name and topic",
    ["update-room", "get-room", "join"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId } = await stage.roomOf(owner, { name: "Coffee", topic: "Black or white?" });
      const ada = await stage.join(roomId, "Ada");
      const events = collectEvents(ada);
      const renamed = await owner.api.updateRoom(roomId, { name: " Tea " });
      assert.deepEqual([renamed.name, renamed.topic, renamed.roomId], ["Tea", "Black or white?", roomId]);
      await until("Ada receives the notice", () => events.length === 1);
      assert.deepEqual([ada.name, ada.topic], ["Tea", "Black or white?"]);
      await owner.api.updateRoom(roomId, { topic: "" });
      await until("Ada receives the second notice", () => events.length === 2);
      assert.deepEqual(events, ["renamed Tea", "renamed Tea"]);
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
    "When the owner clears a room, its messages are gone and a new epoch starts",
    ["clear-room", "send", "join", "list-messages"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId } = await stage.roomOf(owner);
      const ada = await stage.join(roomId, "Ada");
      const bob = await stage.join(roomId, "Bob");
      await sendAll(ada, "One", "Two");
      await until("Bob has both messages", () => bob.messages.length === 2);
      const before = ada.epoch;
      await assert.rejects((await stage.guest("Eve")).api.clearRoom(roomId), { code: "forbidden" });
      await owner.api.clearRoom(roomId);
      for (const room of [ada, bob]) {
        await until(`${room.you.name} shows no old message`, () => room.messages.length === 0);
        assert.notEqual(room.epoch, before);
      }
      await sendAll(bob, "A new start");
      await until("Ada has the new message", () => texts(ada).length === 1);
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
