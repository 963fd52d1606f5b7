// Moderation: roles, kicks, bans, mutes, slow mode and locks, as the people in a room live through them.

import assert from "node:assert/strict";
import type { Room } from "../../client/src/index.ts";
import type { Moderation } from "../../client/src/protocol.ts";
import { scenario } from "../support/scenario.ts";
import { type Guest, type Stage, withRetries } from "../support/stage.ts";
import { until } from "../support/until.ts";

interface Fixtures {
  readonly owner: Guest;
  readonly room: string;
  /** Has joined. */
  readonly bob: Guest;
  readonly inside: Room;
  act(moderation: Moderation, by?: Guest): Promise<void>;
}

async function setUp(stage: Stage): Promise<Fixtures> {
  const owner = await stage.guest("Owner");
  const { roomId: room } = await stage.roomOf(owner);
  const bob = await stage.guest("Bob");
  const inside = await stage.tab(bob).client.join(room, { name: "Bob" });
  const act = (moderation: Moderation, by = owner) => withRetries(() => by.api.moderate(room, moderation));
  return { owner, room, bob, inside, act };
}

/** Returns how a message ends: `sent`, or the code for which it failed. */
async function outcome(room: Room, text: string): Promise<string> {
  const id = room.send(text);
  const message = () => room.messages.find((message) => message.id === id);
  await until("the message is sent or fails", () => message()?.status !== "pending");
  const { status, error } = message() ?? {};
  return status === "failed" ? (error?.code ?? "failed") : (status ?? "gone");
}

const kinds = (room: Room) => room.notices.map(({ kind }) => kind);

export const scenarios = [
  scenario(
    "A banned person is out in all tabs, and neither comes back nor reads until the ban is lifted",
    ["moderate", "join", "list-messages", "get-room", "get-moderation"],
    async (stage) => {
      const { owner, room, bob, inside, act } = await setUp(stage);
      const ada = await stage.join(room, "Ada");
      const second = await stage.tab(bob).client.join(room, { name: "Bob" });
      const left: string[] = [];
      for (const tab of [inside, second]) tab.on("left", (reason) => left.push(reason));
      await act({ action: "ban", userId: bob.userId, explanation: "Spam" });
      await until("Bob is out", () => left.length === 2);
      assert.deepEqual(left, ["banned", "banned"]);
      await until("Ada is told", () => kinds(ada).includes("banned") && ada.count === 1);
      await assert.rejects(stage.tab(bob).client.join(room), { code: "banned" });
      await assert.rejects(bob.api.room(room), { code: "banned" });
      await assert.rejects(bob.api.messages(room), { code: "banned" });
      await assert.rejects(stage.api.messages(room), { code: "unauthorized" });
      assert.equal((await stage.api.room(room)).names, undefined);
      const ownerSees = await owner.api.room(room);
      assert.deepEqual([ownerSees.names, ownerSees.may?.includes("ban")], [["Ada"], true]);

      const { people, audit } = await owner.api.moderation(room);
      assert.deepEqual(
        people.map(({ userId, banned }) => [userId, banned?.explanation]),
        [[bob.userId, "Spam"]],
      );
      assert.deepEqual(
        audit.map(({ kind, by, person }) => [kind, by.userId, person?.userId]),
        [["banned", owner.userId, bob.userId]],
      );
      await assert.rejects(bob.api.moderation(room), { code: "forbidden" });

      await act({ action: "unban", userId: bob.userId });
      const again = await stage.tab(bob).client.join(room, { name: "Bob" });
      assert.equal(await outcome(again, "I am back"), "sent");
      assert.equal((await bob.api.messages(room)).events.length, 3);
    },
  ),

  scenario(
    "Whoever is kicked may return; whoever is muted reads, and writes again when it is lifted",
    ["moderate", "join", "send", "edit", "react"],
    async (stage) => {
      const { room, bob, inside, act } = await setUp(stage);
      const left: string[] = [];
      inside.on("left", (reason) => left.push(reason));
      await act({ action: "kick", userId: bob.userId });
      await until("Bob is out", () => left[0] === "kicked");
      const again = await stage.tab(bob).client.join(room, { name: "Bob" });
      assert.equal(await outcome(again, "I may return"), "sent");
      const sent = again.messages[0] ?? {};

      await act({ action: "mute", userId: bob.userId, seconds: 3_600 });
      await until("Bob is told", () => kinds(again).includes("muted"));
      assert.equal(await outcome(again, "Hello?"), "muted");
      await assert.rejects(again.edit(sent, "Changed"), { code: "muted" });
      await assert.rejects(again.react(sent, "👻", true), { code: "muted" });
      await act({ action: "unmute", userId: bob.userId });
      assert.equal(await outcome(again, "Hello!"), "sent");
    },
  ),

  scenario(
    "A ban may cover the address of a guest without a token: then everybody there needs one, until it is lifted",
    ["moderate", "join", "ping"],
    async (stage) => {
      const { room, act } = await setUp(stage);
      const eve = await stage.join(room, "Eve");
      await act({ action: "ban", userId: eve.you.userId, address: true });
      await assert.rejects(stage.join(room, "Fay"), { code: "banned" });
      await stage.tab(await stage.guest("Gil")).client.join(room, { name: "Gil" });
      await act({ action: "unban", userId: eve.you.userId });
      const fay = await stage.socket();
      fay.send({ action: "join", room, name: "Fay" });
      await fay.next("joined");
      fay.send({ action: "ping" });
      assert.ok(room in (await fay.next("pong")).rooms);
    },
  ),

  scenario("Whoever is kicked leaves their seat to others", ["moderate", "join"], async (stage) => {
    const owner = await stage.guest("Owner");
    const { roomId: room } = await stage.roomOf(owner, { maxPeople: 2 });
    const [ada] = [await stage.join(room, "Ada"), await stage.join(room, "Ben")];
    await assert.rejects(stage.join(room, "Cem"), { code: "roomFull" });
    await withRetries(() => owner.api.moderate(room, { action: "kick", userId: ada.you.userId }));
    await stage.join(room, "Cem");
  }),

  scenario(
    "A room that ends without its owner depends on the new one once it is handed over",
    ["moderate", "update-room"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId: room } = await stage.roomOf(owner, { endsWithoutOwnerAfterSeconds: 60 });
      await stage.tab(owner).client.join(room, { name: "Owner" });
      const bob = await stage.guest("Bob");
      const inside = await stage.tab(bob).client.join(room, { name: "Bob" });
      await withRetries(() => owner.api.moderate(room, { action: "handOver", userId: bob.userId }));
      await until("Bob knows", () => inside.role === "owner");
      await withRetries(() => bob.api.moderate(room, { action: "handOver", userId: owner.userId }));
      await until("Bob knows that he is no longer", () => inside.role === "moderator");
    },
  ),

  scenario("In slow mode, everyone but moderators waits between two messages", ["moderate", "send"], async (stage) => {
    const { owner, room, inside, act } = await setUp(stage);
    await act({ action: "slowMode", seconds: 3_600 });
    await until("Bob is told", () => inside.rules.slowModeSeconds === 3_600);
    assert.equal(await outcome(inside, "First"), "sent");
    const socket = await stage.socket();
    socket.send({ action: "join", room, name: "Ada" });
    await socket.next("joined");
    socket.send({ action: "send", room, id: "1", text: "First" });
    await socket.next("ack");
    socket.send({ action: "send", room, id: "2", text: "Second" });
    const refusal = await socket.next("error");
    assert.equal(refusal.code, "slowMode");
    assert.ok((refusal.retryAfterMs ?? 0) > 3_000_000);
    const moderator = await stage.tab(owner).client.join(room, { name: "Owner" });
    assert.deepEqual([await outcome(moderator, "One"), await outcome(moderator, "Two")], ["sent", "sent"]);
    await act({ action: "slowMode" });
    socket.send({ action: "send", room, id: "3", text: "Third" });
    await socket.next("ack");
  }),

  scenario(
    "A moderator locks the room and deletes what others wrote; the owner appoints, dismisses and hands over",
    ["moderate", "send", "delete", "update-room"],
    async (stage) => {
      const { owner, room, bob, inside, act } = await setUp(stage);
      await stage.tab(owner).client.join(room, { name: "Owner" });
      const ada = await stage.join(room, "Ada");
      assert.equal(await outcome(ada, "Rude"), "sent");
      await until("Bob has it", () => inside.messages.length === 1);
      await assert.rejects(inside.delete(inside.messages[0] ?? {}), { code: "forbidden" });
      await act({ action: "appoint", userId: bob.userId });
      await inside.delete(inside.messages[0] ?? {});
      await act({ action: "lock", on: true }, bob);
      await until("Ada is told", () => ada.rules.locked === true);
      assert.equal(await outcome(ada, "Hello?"), "roomLocked");
      assert.equal(await outcome(inside, "Order!"), "sent");
      await act({ action: "lock", on: false }, bob);
      assert.equal(await outcome(ada, "Hello!"), "sent");
      await act({ action: "dismiss", userId: bob.userId });
      await assert.rejects(bob.api.moderate(room, { action: "lock", on: true }), { code: "forbidden" });
      await act({ action: "handOver", userId: bob.userId });
      await assert.rejects(owner.api.updateRoom(room, { name: "Mine" }), { code: "forbidden" });
      await bob.api.updateRoom(room, { name: "Bob's" });
      await act({ action: "handOver", userId: owner.userId }, bob);
    },
  ),
];
