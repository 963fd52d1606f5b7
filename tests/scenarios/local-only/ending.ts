// The sweep, without waiting for a room's time to pass, and the lease of a room's owner.

import assert from "node:assert/strict";
import { until } from "../../support/until.ts";
import { localScenario } from "./admin.ts";

const SECOND = 1_000;
/** The limit that docs/protocol.md documents. */
const LEASE = 300 * SECOND;

export const scenarios = [
  localScenario(
    "Sweeps tell and remove everyone in a room that is over, and leave nothing of it but a tombstone",
    ["sweep"],
    async (stage, admin) => {
      const owner = await stage.guest("Owner");
      const { roomId: room } = await stage.roomOf(owner, {
        name: "Tea",
        password: "earl grey",
        expiresInSeconds: 600,
        maxPeople: 5,
        uniqueNames: true,
      });
      const { pass } = await stage.api.createPass(room, "earl grey");
      const socket = await stage.socket();
      await socket.request({ action: "join", room, pass });
      const ack = await socket.request({ action: "send", room, id: "1", text: "Soon gone" });
      assert.ok(ack.type === "ack");
      await owner.api.report(room, { epoch: ack.epoch, seq: ack.seq, reason: "spam" }, pass);
      const banned = await stage.socket();
      const joined = await banned.request({ action: "join", room, pass });
      assert.ok(joined.type === "joined");
      await owner.api.moderate(room, { action: "review", on: true });
      const held = await socket.request({ action: "send", room, id: "2", text: "Free money" });
      assert.ok(held.type === "error" && held.code === "held");
      await owner.api.moderate(room, { action: "ban", userId: joined.you.userId, address: true });
      await admin.endRoom(room);
      await admin.sweep();
      assert.equal((await socket.next("left")).reason, "expired");
      await until("nobody is in the room", async () => (await admin.countOccupantRows(room)) === 0);
      await until("the log is empty", async () => {
        const rows = await admin.rowsOf(room);
        return !rows.some(({ row }) => "type" in row) && rows.some(({ row }) => "isEmpty" in row);
      });
      await admin.settleRoom(room);
      await admin.sweep();
      await until("only one row is left", async () => (await admin.rowsOf(room)).length === 1);
      const [rest] = await admin.rowsOf(room);
      assert.equal(rest?.table, "Rooms");
      assert.deepEqual(Object.keys(rest?.row ?? {}).sort(), ["closedAt", "endedFor", "roomId", "ttl"]);
      await assert.rejects(stage.api.room(room), { code: "roomClosed" });
    },
  ),

  ...(["leave", "disconnect"] as const).map((way) =>
    localScenario(
      `A seat and a name are free at once when their holder leaves by ${way}`,
      ["join", way],
      async (stage, admin) => {
        const { roomId: room } = await stage.room({ maxPeople: 2, uniqueNames: true });
        const socket = await stage.socket();
        await socket.request({ action: "join", room });
        assert.equal(await admin.countHeldClaims(room), 2);
        if (way === "leave") await socket.request({ action: "leave", room });
        else socket.close();
        await until("they are free", async () => (await admin.countHeldClaims(room)) === 0);
      },
    ),
  ),

  ...(["leave", "disconnect"] as const).map((way) =>
    localScenario(
      `A room that ends without its owner has the time it says once they ${way}`,
      ["create-room", "join", "ping", way],
      async (stage, admin) => {
        const owner = await stage.guest("Owner");
        const { roomId: room } = await stage.roomOf(owner, { endsWithoutOwnerAfterSeconds: 60 });
        const present = async (what: string, since: number) =>
          until(what, async () => (await admin.ownerUntil(room)) >= since + LEASE + 60 * SECOND);
        const socket = await stage.socket({ protocols: ["parlor.v1", `token.${owner.token}`] });
        let at = Date.now();
        const joined = await socket.request({ action: "join", room });
        assert.equal(joined.type, "joined");
        await present("the owner has joined", at);
        at = Date.now();
        const pong = await socket.request({ action: "ping" });
        assert.equal(pong.type, "pong");
        await present("the owner has pinged", at);
        if (way === "leave") assert.equal((await socket.request({ action: "leave", room })).type, "left");
        else socket.close();
        await until("the owner's time runs", async () => (await admin.ownerUntil(room)) <= Date.now() + 60 * SECOND);
      },
    ),
  ),
];
