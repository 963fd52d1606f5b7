// A send that dies after drawing its number: the next read of the log voids that number.

import assert from "node:assert/strict";
import type { LogPage } from "../../../client/src/protocol.ts";
import type { Stage } from "../../support/stage.ts";
import { localScenario } from "./admin.ts";

type Read = (stage: Stage, room: string) => Promise<Pick<LogPage, "from" | "to" | "events">>;

const reads: Record<string, Read> = {
  join: async (stage, room) => {
    const socket = await stage.socket();
    socket.send({ action: "join", room });
    return socket.next("joined");
  },
  history: async (stage, room) => {
    const socket = await stage.socket();
    // A join that has missed nothing reads no events, so only `history` finds the open number.
    socket.send({
      action: "join",
      room,
      since: { epoch: (await stage.api.messages(room, { before: 1 })).epoch, seq: 2 },
    });
    await socket.next("joined");
    socket.send({ action: "history", room });
    return socket.next("history");
  },
  "list-messages": (stage, room) => stage.api.messages(room),
};

export const scenarios = Object.entries(reads).map(([route, read]) =>
  localScenario(`The next ${route} voids the number of a send that died`, [route], async (stage, admin) => {
    const { roomId: room } = await stage.room();
    const socket = await stage.socket();
    socket.send({ action: "join", room });
    await socket.next("joined");
    socket.send({ action: "send", room, id: "1", text: "Before" });
    await socket.next("ack");
    await admin.drawForDeadSend(room);
    const page = await read(stage, room);
    assert.deepEqual([page.from, page.to, page.events.map(({ seq }) => seq)], [1, 2, [1]]);
    socket.send({ action: "send", room, id: "2", text: "After" });
    assert.equal((await socket.next("ack")).seq, 3);
    assert.deepEqual(
      (await stage.api.messages(room)).events.map(({ seq }) => seq),
      [1, 3],
    );
  }),
);
