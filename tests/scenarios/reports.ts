// Reports: people report messages of others, and moderators resolve them.

import assert from "node:assert/strict";
import type { Moderation, ReportReason } from "../../client/src/protocol.ts";
import { scenario } from "../support/scenario.ts";
import { type Guest, type Stage, withRetries } from "../support/stage.ts";
import { until } from "../support/until.ts";

/** A room in which Bob has sent some messages, and Cem has a token. */
async function setUp(stage: Stage, texts: readonly string[]) {
  const owner = await stage.guest("Owner");
  const { roomId: room } = await stage.roomOf(owner);
  const [bob, cem] = [await stage.guest("Bob"), await stage.guest("Cem")];
  const inside = await stage.tab(bob).client.join(room, { name: "Bob" });
  for (const text of texts) inside.send(text);
  await until("the messages are sent", () => inside.messages.every(({ status }) => status === "sent"));
  const [{ epoch } = { epoch: "" }] = inside.messages;
  const at = (seq: number) => ({ epoch: epoch ?? "", seq });
  const report = (by: Guest, seq: number, reason: ReportReason = "spam") =>
    withRetries(() => by.api.report(room, { ...at(seq), reason }));
  const act = (moderation: Moderation) => withRetries(() => owner.api.moderate(room, moderation));
  const open = async () => {
    const { reports } = await withRetries(() => owner.api.reports(room));
    return reports.map(({ message, count, reasons }) => [message.text, count, reasons]);
  };
  return { owner, room, bob, cem, inside, at, report, act, open };
}

export const scenarios = [
  scenario(
    "People report messages, and a moderator deletes one, mutes and bans its author and dismisses another in one step each",
    ["report", "list-reports", "moderate", "get-moderation"],
    async (stage) => {
      const texts = ["Buy now", "You fool", "Again", "Hello"];
      const { owner, room, bob, cem, inside, at, report, act, open } = await setUp(stage, texts);
      await report(cem, 1);
      await report(cem, 1, "hate");
      await report(owner, 1, "other");
      for (const seq of [2, 3, 4]) await report(cem, seq);
      await assert.rejects(report(bob, 4), { code: "forbidden" });
      await assert.rejects(report(cem, 5), { code: "messageNotFound" });
      await assert.rejects(cem.api.reports(room), { code: "forbidden" });
      const [fourth, third, second, first] = await open();
      assert.deepEqual(first, ["Buy now", 2, { spam: 1, other: 1 }]);
      assert.deepEqual(
        [fourth, third, second],
        [...texts.slice(1)].reverse().map((text) => [text, 1, { spam: 1 }]),
      );

      await act({ action: "deleteReported", report: at(1) });
      await until("Bob is told", () => inside.messages[0]?.deletedAt !== undefined);
      await act({ action: "mute", userId: bob.userId, report: at(2) });
      await until("Bob is muted", () => inside.muted !== undefined);
      await act({ action: "ban", userId: bob.userId, report: at(3) });
      await act({ action: "dismissReport", report: at(4) });
      assert.deepEqual(await open(), []);
      const { audit } = await owner.api.moderation(room);
      assert.deepEqual(
        audit.map(({ kind, person }) => [kind, person?.userId]),
        ["reportDismissed", "banned", "muted", "reportedDeleted"].map((kind) => [kind, bob.userId]),
      );
      await assert.rejects(report(bob, 4), { code: "banned" });
    },
  ),

  scenario(
    "What was reported goes with its log: a cleared room has no reports, and one with a password takes those of readers",
    ["report", "list-reports", "clear-room", "update-room"],
    async (stage) => {
      const { owner, room, cem, inside, report, open } = await setUp(stage, ["Old"]);
      await report(cem, 1);
      await withRetries(() => owner.api.clearRoom(room));
      assert.deepEqual(await open(), []);
      await withRetries(() => owner.api.updateRoom(room, { password: "earl grey" }));
      inside.send("New");
      await until("it is sent", () => inside.messages.at(-1)?.status === "sent");
      const { seq = 0, epoch = "" } = inside.messages.at(-1) ?? {};
      const reported = { epoch, seq, reason: "violence" } as const;
      await assert.rejects(cem.api.report(room, reported), { code: "passRequired" });
      const { pass } = await withRetries(() => cem.api.createPass(room, "earl grey"));
      await withRetries(() => cem.api.report(room, reported, pass));
      assert.deepEqual(await open(), [["New", 1, { violence: 1 }]]);
    },
  ),
];
