// A send that died with its number: whoever reads the log voids it, and what comes later is shown.

import assert from "node:assert/strict";
import type { LogPage } from "../../../client/src/protocol.ts";
import type { Stage } from "../../support/stage.ts";
import { localScenario } from "./scene.ts";

type Read = (stage: Stage, room: string) => Promise<Pick<LogPage, "from" | "to" | "events">>;

const reads: Record<string, Read> = {
  join: async (stage, room) => {
    const socket = await stage.socket();
    socket.send({ action: "join", room });
    return socket.next("joined");
  },
  history: async (stage, room) => {
    const socket = await stage.socket();
    // With everything known, the join itself reads no number.
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
  localScenario(`A number whose send died is void for the next ${route}`, [route], async (stage, scene) => {
    const { roomId: room } = await stage.room();
    const socket = await stage.socket();
    socket.send({ action: "join", room });
    await socket.next("joined");
    socket.send({ action: "send", room, id: "1", text: "Before" });
    await socket.next("ack");
    await scene.deadSend(room);
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
