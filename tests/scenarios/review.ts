// Review: what becomes of a text in a reviewed room. A stage without reviewers refuses to review.

import assert from "node:assert/strict";
import { httpRequest } from "../support/http.ts";
import { scenario } from "../support/scenario.ts";
import { type Stage, withRetries } from "../support/stage.ts";
import { until } from "../support/until.ts";

/** Whether the stage has reviewers. The texts here are those of the lists in `review/`. */
async function hasReviewers({ addresses }: Stage): Promise<boolean> {
  return JSON.parse((await httpRequest(new URL("/config.json", addresses.siteUrl).href)).body).review !== undefined;
}

export const scenarios = [
  scenario(
    "In a reviewed room a list refuses, masks and holds, and a moderator lets one message appear and rejects another",
    ["send", "edit", "create-room", "moderate", "list-held", "get-moderation", "clear-room"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId: room } = await stage.roomOf(owner);
      const bob = await stage.guest("Bob");
      if (!(await hasReviewers(stage))) {
        await assert.rejects(
          withRetries(() => owner.api.moderate(room, { action: "review", on: true })),
          { code: "invalidField" },
        );
        assert.deepEqual((await withRetries(() => owner.api.held(room))).held, []);
        return;
      }
      const inside = await stage.tab(bob).client.join(room, { name: "Bob" });
      const say = async (text: string) => {
        const id = inside.send(text);
        const mine = () => inside.messages.find((message) => message.id === id);
        await until("it is sent or refused", () => mine()?.status !== "pending");
        const { status, error, text: shown } = mine() ?? {};
        return status === "sent" ? shown : error?.code;
      };
      const shown = () => inside.messages.filter(({ status }) => status === "sent").map(({ text }) => text);
      assert.equal(await say("You blockhead"), "You blockhead");
      await withRetries(() => owner.api.moderate(room, { action: "review", on: true }));
      await until("the room says so", () => inside.rules.reviewed === true);
      assert.equal(await say("You BL0CKHEAD"), "messageRefused");
      await say("Oh heck");
      await until("it is masked", () => shown().at(-1) === "Oh ****");
      for (const text of ["Free money!", "Work from home"]) assert.equal(await say(text), "held");
      await assert.rejects(bob.api.held(room), { code: "forbidden" });

      const { held } = await withRetries(() => owner.api.held(room));
      assert.deepEqual(held.map(({ text, from }) => [text, from.userId]).sort(), [
        ["Free money!", bob.userId],
        ["Work from home", bob.userId],
      ]);
      const named = (text: string) => {
        const { epoch, id } = held.find((message) => message.text === text) ?? { epoch: "", id: "" };
        return { epoch, id, userId: bob.userId };
      };
      await withRetries(() => owner.api.moderate(room, { action: "approveHeld", held: named("Free money!") }));
      await until("it appears", () => shown().at(-1) === "Free money!");
      await withRetries(() => owner.api.moderate(room, { action: "rejectHeld", held: named("Work from home") }));
      assert.deepEqual((await withRetries(() => owner.api.held(room))).held, []);
      const { audit } = await owner.api.moderation(room);
      assert.deepEqual(
        audit.map(({ kind }) => kind),
        ["heldRejected", "heldApproved", "reviewOn"],
      );

      assert.equal(await say("Free money again"), "held");
      // With the epoch, a retry goes on where the last one failed.
      const { epoch } = inside;
      await withRetries(() => owner.api.clearRoom(room, epoch));
      assert.deepEqual((await withRetries(() => owner.api.held(room))).held, []);
    },
  ),

  scenario(
    "A webhook's message is reviewed like any other, and what of a person waits is deleted with their data",
    ["post-hook", "create-hook", "create-room", "list-held", "erase-me", "send", "moderate"],
    async (stage) => {
      if (!(await hasReviewers(stage))) return;
      const owner = await stage.guest("Owner");
      const { roomId: room } = await stage.roomOf(owner);
      await withRetries(() => owner.api.moderate(room, { action: "review", on: true }));
      const { id, secret } = await withRetries(() => owner.api.createHook(room, "Builds"));
      const post = async (text: string) => {
        const { status } = await httpRequest(`${stage.addresses.apiUrl}/hooks/${id}`, {
          method: "POST",
          headers: { authorization: `Bearer ${secret}` },
          body: { text },
        });
        return status;
      };
      assert.deepEqual(
        [await post("Build 7 passed"), await post("You nincompoop"), await post("Free money")],
        [201, 403, 202],
      );
      const waiting = async () => (await withRetries(() => owner.api.held(room))).held.map(({ text }) => text);
      assert.deepEqual(await waiting(), ["Free money"]);

      const bob = await stage.guest("Bob");
      const inside = await stage.tab(bob).client.join(room, { name: "Bob" });
      const sent = inside.send("Work from home");
      await until("it is held", () => inside.messages.find((message) => message.id === sent)?.error?.code === "held");
      assert.equal((await waiting()).length, 2);
      await withRetries(() => bob.api.eraseMe());
      assert.deepEqual(await waiting(), ["Free money"]);
    },
  ),
];
