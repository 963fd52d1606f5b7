// Replies and mentions: they arrive with their message, and only what they may name is accepted.

import assert from "node:assert/strict";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";

const routes = ["authorize", "connect", "join", "send", "edit", "delete", "history", "create-session", "create-room"];

export const scenarios = [
  scenario("A reply and its mentions reach everyone, and whoever joins later", routes, async (stage) => {
    const owner = await stage.guest("Olive");
    const { roomId } = await stage.roomOf(owner);
    const olive = await stage.tab(owner).client.join(roomId);
    const ben = await stage.join(roomId, "Ben");
    olive.send("Tea or coffee?");
    await until("Ben has the question", () => ben.messages.length === 1);
    ben.send("@Olive tea", { replyTo: { epoch: ben.epoch, seq: 1 }, mentions: [olive.you.userId] });
    await until("Olive has the answer", () => olive.messages.length === 2);
    olive.send("@room tea is ready", { mentionsRoom: true });
    await until("Ben has all", () => ben.messages.length === 3);
    const late = await stage.join(roomId, "Late");
    for (const room of [olive, ben, late]) {
      const named = room.messages.map(({ replyTo, ...rest }) => ({
        replyTo: replyTo?.seq,
        mentions: rest.mentions,
        mentionsRoom: rest.mentionsRoom,
      }));
      assert.deepEqual(named, [
        { replyTo: undefined, mentions: [], mentionsRoom: false },
        { replyTo: 1, mentions: [olive.you.userId], mentionsRoom: false },
        { replyTo: undefined, mentions: [], mentionsRoom: true },
      ]);
    }
    late.forgetOlder(3);
    assert.equal((await late.messageAt({ epoch: late.epoch, seq: 1 }))?.text, "Tea or coffee?");
    assert.equal(late.messages.length, 1);
  }),

  scenario("An edit replaces the mentions, and a deleted message has none", routes, async (stage) => {
    const { roomId } = await stage.room();
    const ada = await stage.join(roomId, "Ada");
    const ben = await stage.join(roomId, "Ben");
    const mentions = () => ben.messages[0]?.mentions;
    ada.send("@Ben and @Ada", { mentions: [ben.you.userId, ada.you.userId] });
    await until("Ben has the message", () => mentions()?.length === 2);
    const message = { epoch: ada.epoch, seq: 1 };
    await ada.edit(message, "@Ben", { mentions: [ben.you.userId] });
    await until("Ben has the edit", () => ben.messages[0]?.text === "@Ben");
    assert.deepEqual(mentions(), [ben.you.userId]);
    await ada.delete(message);
    await until("Ben has the deletion", () => ben.messages[0]?.deletedAt !== undefined);
    assert.deepEqual(mentions(), []);
  }),

  scenario("Only the owner mentions the room, and no reply names a later number", routes, async (stage) => {
    const { roomId: room } = await stage.roomOf(await stage.guest("Olive"));
    const socket = await stage.socket();
    await socket.request({ action: "join", room, name: "Ada" });
    const refused = async (fields: object) => {
      const answer = await socket.request({ action: "send", room, text: "Hello", ...fields });
      return answer.type === "error" ? answer.code : answer.type;
    };
    assert.equal(await refused({ mentionsRoom: true }), "forbidden");
    assert.equal(await refused({ replyTo: 1 }), "messageNotFound");
    assert.equal(await refused({ mentions: ["ada", "ada"] }), "invalidField");
    assert.equal(await refused({ replyTo: 1, mentionsRoom: false }), "ack");
    const page = await socket.request({ action: "history", room });
    assert.deepEqual(page.type === "history" && page.events.map(({ seq }) => seq), [2]);
  }),
];
