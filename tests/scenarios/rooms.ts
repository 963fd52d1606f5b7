// Rooms: creating, listing, describing and closing them.

import assert from "node:assert/strict";
import type { RoomInfo } from "../../client/src/index.ts";
import { scenario } from "../support/scenario.ts";
import type { Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

const HOUR = 60 * 60 * 1000;

/** The whole lobby, page by page. */
async function lobby(stage: Stage, limit: number): Promise<RoomInfo[]> {
  const rooms: RoomInfo[] = [];
  let cursor: string | undefined;
  do {
    const page = await stage.api.rooms({ limit, ...(cursor && { cursor }) });
    assert.ok(page.rooms.length <= limit);
    rooms.push(...page.rooms);
    cursor = page.cursor;
  } while (cursor);
  return rooms;
}

export const scenarios = [
  scenario(
    "A new room has a link, defaults and the details it was created with",
    ["create-room", "get-room"],
    async (stage) => {
      const room = await stage.room({ name: "  Tea  ", topic: "Green or black?", visibility: "public" });
      const { roomId, name, topic, visibility, people, link, createdAt, expiresAt } = room;
      assert.deepEqual([name, topic, visibility, people], ["Tea", "Green or black?", "public", 0]);
      assert.ok(link.startsWith(stage.addresses.siteUrl) && link.includes(roomId), link);
      assert.ok(Math.abs(expiresAt - createdAt - 24 * HOUR) <= 60_000, "it expires after 24 hours without activity");
      assert.deepEqual(await stage.api.room(roomId), room);
      const plain = await stage.room({ name: "Plain" });
      assert.deepEqual([plain.visibility, plain.topic], ["unlisted", undefined]);
      await assert.rejects(stage.api.room("no-such-room"), { code: "roomNotFound" });
    },
  ),

  scenario(
    "The lobby lists public rooms page by page with their number of people, and no unlisted rooms",
    ["list-rooms", "create-room", "join", "send"],
    async (stage) => {
      const unlisted = await stage.room({ name: "Secret", visibility: "unlisted" });
      const listable = [];
      for (const name of ["One", "Two", "Three"]) listable.push(await stage.room({ name, visibility: "public" }));
      const busy = await stage.join(listable[0]?.roomId ?? "", "Ada");
      busy.send("Somebody is here");
      await until("the message is sent", () => busy.messages[0]?.status === "sent");
      const ids = listable.map(({ roomId }) => roomId);
      let listed: RoomInfo[] = [];
      // The lobby's index is eventually consistent.
      await until("the lobby lists the public rooms", async () => {
        listed = await lobby(stage, 2);
        return ids.every((id) => listed.some(({ roomId }) => roomId === id));
      });
      assert.ok(!listed.some(({ roomId }) => roomId === unlisted.roomId), "an unlisted room is in the lobby");
      assert.equal(new Set(listed.map(({ roomId }) => roomId)).size, listed.length, "a room is listed twice");
      const activity = listed.map(({ activeAt }) => activeAt);
      assert.deepEqual(
        activity,
        [...activity].sort((a, b) => b - a),
      );
      const room = listed.find(({ roomId }) => roomId === busy.id);
      assert.deepEqual([room?.name, room?.people, room?.visibility], ["One", 1, "public"]);
    },
  ),

  scenario(
    "When the owner closes a room, everyone in it is told, its contents are gone and nobody can join again",
    ["close-room", "join", "send", "get-room", "list-messages", "list-rooms"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId: room } = await stage.roomOf(owner, { visibility: "public" });
      const ada = await stage.join(room, "Ada");
      const left: string[] = [];
      ada.on("left", (reason) => left.push(reason));
      ada.send("Soon gone");
      await until("the message is sent", () => ada.messages[0]?.status === "sent");
      const socket = await stage.socket();
      socket.send({ action: "join", room });
      await socket.next("joined");
      await owner.api.closeRoom(room);
      await until("Ada receives `left`", () => left.length === 1);
      assert.deepEqual(left, ["closed"]);
      const { kind, by } = await socket.next("notice");
      assert.deepEqual([kind, by.userId], ["closed", owner.userId]);
      assert.deepEqual(await socket.next("left"), { type: "left", room, reason: "closed" });
      socket.send({ action: "send", room, id: "late", text: "Hello?" });
      const late = await socket.next("error");
      assert.ok(["roomClosed", "notJoined"].includes(late.code), late.code);
      socket.send({ action: "join", room, id: "back" });
      assert.deepEqual([(await socket.next("error")).code], ["roomClosed"]);
      await assert.rejects(stage.tab().client.join(room), { code: "roomClosed", retryable: false });
      await assert.rejects(stage.api.room(room), { code: "roomClosed" });
      await assert.rejects(stage.api.messages(room), { code: "roomClosed" });
      await until(
        "the lobby no longer lists it",
        async () => !(await lobby(stage, 50)).some(({ roomId }) => roomId === room),
      );
    },
  ),

  scenario("Only its owner can close a room", ["close-room"], async (stage) => {
    const { roomId } = await stage.room();
    const stranger = await stage.guest("Stranger");
    await assert.rejects(stranger.api.closeRoom(roomId), { code: "forbidden" });
    await assert.rejects(stage.api.closeRoom(roomId), { code: "unauthorized" });
    await assert.rejects(stranger.api.closeRoom("no-such-room"), { code: "roomNotFound" });
    const ada = await stage.join(roomId, "Ada");
    ada.send("Still open");
    await until("the message is sent", () => ada.messages[0]?.status === "sent");
  }),
];
