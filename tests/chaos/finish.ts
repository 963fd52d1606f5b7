// Ends a run: waits until everyone has received everything, then checks the recorded history.

import { isConversation, type Room } from "../../client/src/index.ts";
import { readLog } from "../support/read-room-log.ts";
import type { Stage } from "../support/stage.ts";
import { eventually } from "../support/until.ts";
import { ChaosClient } from "./chaos-client.ts";
import { check } from "./checker.ts";
import { expectKnown, openAll } from "./finish-devices.ts";
import type { FollowingDevice } from "./following-device.ts";
import type { Participant, Wait } from "./participant.ts";
import type { Recorder } from "./recorder.ts";
import type { Violation } from "./violation.ts";

/** `devices` also open all conversations of their people. */
export async function finish(
  stage: Stage,
  recorder: Recorder,
  joined: readonly Participant[],
  devices: readonly FollowingDevice[] = [],
): Promise<Violation[]> {
  const stuck: Violation[] = [];
  const wait: Wait = (room, what, holds) =>
    eventually(what, holds).catch(() => stuck.push({ name: "stuck", room, about: what }));

  for (const { client } of [...joined, ...devices]) client.stopFaults();
  // The first device has been a member of each group from its first number on.
  const participants = [...(await openAll(devices, joined, wait)), ...joined];
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
  const rooms = [...new Set(participants.map(({ room }) => room.id))];
  await Promise.all(
    rooms.map(async (roomId) => {
      const present = participants.filter(({ room }) => room.id === roomId && !room.session.hasEnded);
      const inRoom = isConversation(roomId) ? present : [{ client: last, room: await last.join(roomId) }, ...present];
      await endRoom(stage, recorder, inRoom, wait);
    }),
  );
  await last.close();
  await expectKnown(devices, recorder, wait);
  recorder.recordConnections();
  return [...stuck, ...check(recorder.history)];
}

/** Sends a last message. Records what everyone shows once they have it, and the room's log. */
async function endRoom(stage: Stage, recorder: Recorder, inRoom: readonly Participant[], wait: Wait): Promise<void> {
  const [sender] = inRoom;
  if (!sender) return;
  const { id: roomId } = sender.room;
  // Messages arrive in order: whoever has the last one has everything before it.
  const id = sender.client.send(sender.room, "The last message");
  await Promise.all(
    inRoom.map(async ({ client, room }) => {
      await wait(roomId, `${client.name} has the last message`, () => recorder.hasNewest(room, id));
      if (isConversation(roomId)) await wait(roomId, `${client.name} has what is older`, () => loadsAll(room));
    }),
  );
  for (const { client, room } of inRoom) recorder.recordEnd(client.guest.userId, room);
  const token = isConversation(roomId) ? sender.client.guest.token : undefined;
  recorder.recordLog(roomId, await readLog(stage.addresses.apiUrl, roomId, { token }));
}

async function loadsAll(room: Room): Promise<boolean> {
  // A refusal may pass: a rate is exceeded, or a connection has ended.
  if (room.hasOlder) await room.loadOlder().catch(() => {});
  return !room.hasOlder;
}
