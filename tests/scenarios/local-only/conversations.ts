// Conversations whose members' connections are gone, or too many; and what is left of a group that all have left.

import assert from "node:assert/strict";
import type { RawSocket } from "../../support/raw-socket.ts";
import type { Guest, Stage } from "../../support/stage.ts";
import { withRetries } from "../../support/stage.ts";
import { until } from "../../support/until.ts";
import { socketOf } from "../conversations.ts";
import { type Admin, localScenario } from "./admin.ts";

interface Group {
  readonly ada: Guest;
  readonly bob: Guest;
  readonly room: string;
  /** Ada's. */
  readonly socket: RawSocket;
}

/** Whether a row says where a person has been. It is theirs, not the room's. */
const isVisit = ({ scope }: Record<string, object>) => JSON.stringify(scope ?? "").includes("visits#");

/** A group of two, whose second member gets a connection that is gone before each act. Every act must remove it. */
async function withDeadConnection(
  stage: Stage,
  admin: Admin,
  acts: readonly ((group: Group) => unknown)[],
): Promise<void> {
  const [ada, bob] = await Promise.all(["Ada", "Bob"].map((name) => stage.guest(name)));
  assert.ok(ada && bob);
  const [socket] = [await socketOf(stage, ada), await socketOf(stage, bob)];
  const { room } = await withRetries(() => ada.api.createConversation({ title: "Tea", members: [bob.userId] }));
  await socket.request({ action: "send", room, id: "first", text: "Tea?" });
  for (const act of acts) {
    await admin.addDeadConnection(bob.userId);
    await act({ ada, bob, room, socket });
    await until("the connection that is gone is removed", async () => !(await admin.hasDeadConnection(bob.userId)));
  }
}

export const scenarios = [
  localScenario(
    "Connections of members that are gone are removed by whatever is posted to them",
    ["send", "edit", "react", "delete", "typing", "read", "update-conversation", "add-members", "create-conversation"],
    (stage, admin) =>
      withDeadConnection(stage, admin, [
        ({ room, socket }) => socket.request({ action: "send", room, id: "1", text: "Coffee?" }),
        ({ room, socket }) => socket.request({ action: "edit", room, id: "2", seq: 2, text: "Green tea?" }),
        ({ room, socket }) => socket.request({ action: "react", room, id: "3", seq: 2, emoji: "🍵", on: true }),
        ({ room, socket }) => socket.send({ action: "typing", room }),
        ({ room, socket }) => socket.request({ action: "read", room, seq: 2 }),
        ({ room, socket }) => socket.request({ action: "delete", room, id: "4", seq: 2 }),
        ({ ada, room }) => withRetries(() => ada.api.updateConversation(room, { title: "Coffee" })),
        async ({ ada, room }) => {
          const cleo = await stage.guest("Cleo");
          await socketOf(stage, cleo);
          await withRetries(() => ada.api.addMembers(room, [cleo.userId]));
        },
        ({ ada, bob }) => withRetries(() => ada.api.createConversation({ title: "More", members: [bob.userId] })),
      ]),
  ),

  localScenario("So are they when a member leaves", ["remove-member"], (stage, admin) =>
    withDeadConnection(stage, admin, [({ ada, room }) => withRetries(() => ada.api.removeMember(room, ada.userId))]),
  ),

  localScenario("So are they when a member is erased, and comes back", ["erase-me", "block"], (stage, admin) =>
    withDeadConnection(stage, admin, [
      async ({ ada, bob }) => {
        await withRetries(() => ada.api.createConversation({ with: bob.userId }));
        await withRetries(() => ada.api.eraseMe());
      },
      ({ ada, bob }) => withRetries(() => ada.api.block(bob.userId)),
    ]),
  ),

  localScenario(
    "A member reads changes of earlier messages, and voids the number of a send that died",
    ["list-conversation-messages", "edit"],
    async (stage, admin) => {
      const [ada, bob] = await Promise.all(["Ada", "Bob"].map((name) => stage.guest(name)));
      assert.ok(ada && bob);
      const [socket] = [await socketOf(stage, ada), await socketOf(stage, bob)];
      const { room } = await withRetries(() => ada.api.createConversation({ title: "Tea", members: [bob.userId] }));
      await socket.request({ action: "send", room, id: "1", text: "Tea?" });
      await socket.request({ action: "edit", room, id: "2", seq: 2, text: "Green tea?" });
      const [change] = (await bob.api.conversationMessages(room, { after: 2 })).events;
      assert.equal(change?.type === "change" && change.message?.text, "Green tea?");
      await admin.drawForDeadSend(room);
      const { to, seq } = await bob.api.conversationMessages(room);
      assert.deepEqual([to, seq], [4, 4]);
    },
  ),

  localScenario(
    "A person has at most 30 connections, and the next one leaves nothing behind",
    ["connect", "disconnect"],
    async (stage, admin) => {
      const ada = await stage.guest("Ada");
      const sockets = [];
      for (let n = 0; n < 30; n++) sockets.push(await socketOf(stage, ada));
      // The function answers 429; the local cloud refuses with 403, whatever it answers.
      await assert.rejects(socketOf(stage, ada), /server response: 403/);
      // Of one person, and not of the stage.
      await socketOf(stage, await stage.guest("Bob"));
      assert.equal((await admin.rowsOf(`user#${ada.userId}`)).length, 30);
      assert.equal((await admin.rowsOf(ada.userId)).filter(({ table }) => table === "Connections").length, 60);
      sockets[0]?.close();
      await until("there is room for another", () =>
        socketOf(stage, ada).then(
          () => true,
          () => false,
        ),
      );
    },
  ),

  localScenario(
    "Connections that broke unnoticed do not keep a person from connecting",
    ["connect"],
    async (stage, admin) => {
      const ada = await stage.guest("Ada");
      for (let n = 0; n < 30; n++) await admin.addDeadConnection(ada.userId, `gone-${n}`);
      await socketOf(stage, ada);
      assert.equal((await admin.rowsOf(`user#${ada.userId}`)).length, 1);
    },
  ),

  localScenario(
    "Nothing is left of a group that all its members have left",
    ["remove-member", "sweep"],
    async (stage, admin) => {
      const [ada, bob] = await Promise.all(["Ada", "Bob"].map((name) => stage.guest(name)));
      assert.ok(ada && bob);
      await Promise.all([socketOf(stage, ada), socketOf(stage, bob)]);
      const { room } = await withRetries(() => ada.api.createConversation({ title: "Tea", members: [bob.userId] }));
      for (const { api, userId } of [ada, bob]) await withRetries(() => api.removeMember(room, userId));
      await admin.settleRoom(room);
      await until("only its tombstone is left", async () => {
        await admin.sweep();
        const rows = (await admin.rowsOf(room)).filter(({ row }) => !isVisit(row));
        return rows.length === 1 && rows.every(({ table, row }) => table === "Rooms" && "endedFor" in row);
      });
    },
  ),
];
