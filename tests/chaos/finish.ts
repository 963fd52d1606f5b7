// Ends a run: waits until everyone has received everything, then checks the recorded history.

import type { Room } from "../../client/src/index.ts";
import { readLog } from "../support/read-log.ts";
import type { Stage } from "../support/stage.ts";
import { eventually } from "../support/until.ts";
import { ChaosClient } from "./chaos-client.ts";
import { check } from "./checker.ts";

import type { Recorder } from "./recorder.ts";
import type { Violation } from "./violation.ts";

/** A client in a room that it has joined. */
export interface Participant {
  readonly client: ChaosClient;
  readonly room: Room;
}

export async function finish(
  stage: Stage,
  recorder: Recorder,
  participants: readonly Participant[],
): Promise<Violation[]> {
  const stuck: Violation[] = [];
  const wait = (room: string, what: string, holds: () => boolean) =>
    eventually(what, holds).catch(() => stuck.push({ name: "stuck", room, about: what }));

  for (const { client } of participants) client.stopFaults();
  await Promise.all(
    participants.map(({ client, room }) =>
      wait(
        room.id,
        `${client.name} has no pending requests`,
        () => room.messages.at(-1)?.status !== "pending" && !recorder.hasPendingChanges(room),
      ),
    ),
  );
  const last = await ChaosClient.create(stage, recorder, "Last");
  for (const roomId of new Set(participants.map(({ room }) => room.id))) {
    const room = await last.join(roomId);
    // Messages arrive in order: whoever has the last one has everything before it.
    const id = last.send(room, "The last message");
    const inRoom = [...participants.filter((participant) => participant.room.id === roomId), { client: last, room }];
    await Promise.all(
      inRoom.map((participant) =>
        wait(roomId, `${participant.client.name} has the last message`, () => recorder.hasNewest(participant.room, id)),
      ),
    );
    for (const participant of inRoom) recorder.recordEnd(participant.client.guest.userId, participant.room);
    recorder.recordLog(roomId, await readLog(stage.addresses.apiUrl, roomId));
  }
  await last.close();
  return [...stuck, ...check(recorder.history)];
}
