// Rooms for a limited number of people, and rooms where names are unique.

import assert from "node:assert/strict";
import type { RawSocket } from "../support/raw-socket.ts";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";

/** The answer to a join: `joined`, or the code of its refusal. */
async function join(socket: RawSocket, room: string, name: string): Promise<string> {
  const answer = await socket.request({ action: "join", room, name });
  return answer.type === "error" ? answer.code : answer.type;
}

export const scenarios = [
  scenario(
    "A room holds as many people as it may, and somebody else once one of them has left",
    ["join", "leave", "disconnect", "ping", "get-room", "update-room"],
    async (stage) => {
      const owner = await stage.guest("Owner");
      const { roomId: room } = await stage.roomOf(owner, { maxPeople: 2 });
      const ada = await stage.guest("Ada");
      const protocols = ["parlor.v1", `token.${ada.token}`];
      const tabs = [await stage.socket({ protocols }), await stage.socket({ protocols })];
      const [bob, cy] = [await stage.socket(), await stage.socket()];
      for (const tab of tabs) assert.equal(await join(tab, room, "Ada"), "joined", "two tabs are one person");
      assert.equal(await join(bob, room, "Bob"), "joined");
      assert.equal(await join(cy, room, "Cy"), "roomFull");
      assert.equal(await join(bob, room, "Bob"), "joined", "who is inside can join again");
      assert.equal((await stage.api.room(room)).isFull, true);
      for (const socket of [...tabs, bob]) assert.equal((await socket.request({ action: "ping" })).type, "pong");
      assert.equal((await bob.request({ action: "leave", room })).type, "left");
      assert.equal(await join(cy, room, "Cy"), "joined");
      assert.equal(await join(bob, room, "Bob"), "roomFull");
      await owner.api.updateRoom(room, { maxPeople: 3 });
      assert.equal(await join(bob, room, "Bob"), "joined");
      await owner.api.updateRoom(room, { maxPeople: 2 });
      const dan = await stage.socket();
      assert.equal((await stage.api.room(room)).people, 3, "nobody is removed");
      for (const tab of tabs) tab.close();
      bob.close();
      await until("two of three have left, and Dan is in", async () => (await join(dan, room, "Dan")) === "joined");
    },
  ),

  scenario(
    "Where names are unique, nobody joins under a name that looks like another's, until it is free",
    ["join", "leave", "ping"],
    async (stage) => {
      const { roomId: room } = await stage.room({ uniqueNames: true, maxPeople: 10 });
      const guest = await stage.guest("Ada");
      const protocols = ["parlor.v1", `token.${guest.token}`];
      const [ada, tab] = [await stage.socket({ protocols }), await stage.socket({ protocols })];
      const other = await stage.socket();
      assert.equal(await join(ada, room, "Alice"), "joined");
      assert.equal(await join(tab, room, "Alice"), "joined", "two tabs share a name");
      for (const taken of ["Alice", "ALICE", "AIice", "Аlice"])
        assert.equal(await join(other, room, taken), "nameTaken", taken);
      assert.equal((await ada.request({ action: "ping" })).type, "pong");
      assert.equal(await join(ada, room, "Malice"), "joined", "a person renames all their tabs");
      assert.equal(await join(other, room, "Alice"), "joined", "and the former name is free");
      assert.equal((await other.request({ action: "leave", room })).type, "left");
      assert.equal(await join(ada, room, "Alice"), "joined");
    },
  ),
];
