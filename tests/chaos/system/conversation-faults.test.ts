// Groups whose members come and go while frames are lost.

import { expect, test } from "vitest";
import { texts } from "../../support/room.ts";
import { withRetries } from "../../support/stage.ts";
import { eventually } from "../../support/until.ts";
import { ofType } from "../history.ts";
import { Fixture } from "./fixture.ts";

for (const history of ["joined", "all"] as const) {
  test(`whoever is removed and added again without being told misses nothing that they may read (history: ${history})`, async () => {
    const fixture = await Fixture.create(0);
    const [ada, bob, carol] = await fixture.group(history, ["Ada", "Bob", "Carol"], { heartbeatMs: 600_000 });
    if (!ada || !bob || !carol) throw new Error("The group has three members.");
    ada.client.send(ada.room, "Before");
    await eventually("Bob has it", () => texts(bob.room).includes("Before"));
    // Without a heartbeat, nothing else tells Bob that he was removed.
    bob.client.proxy.rules = { frame: ({ name }) => (name === "left" || name === "notice" ? "drop" : undefined) };
    const { api } = ada.client.guest;
    const { userId } = bob.client.guest;
    await withRetries(() => api.removeMember(bob.room.id, userId));
    carol.client.send(carol.room, "Without Bob");
    await eventually("it is sent", () => carol.room.messages.at(-1)?.status === "sent");
    await withRetries(() => api.addMembers(bob.room.id, [userId]));
    ada.client.send(ada.room, "Welcome back");
    await eventually("Bob has it", () => texts(bob.room).includes("Welcome back"));
    expect(texts(bob.room)).toEqual(
      history === "joined" ? ["Welcome back"] : ["Before", "Without Bob", "Welcome back"],
    );
    expect(ofType(fixture.recorder.history, "discontinuity")).toHaveLength(history === "joined" ? 1 : 0);
    await fixture.expectNoViolations();
  });
}
