// The end of a run: waits until everything that was said has arrived everywhere, and checks what was seen.

import type { Room } from "../../client/src/index.ts";
import { readLog } from "../support/read-log.ts";
import type { Stage } from "../support/stage.ts";
import { eventually } from "../support/until.ts";
import { check } from "./checker.ts";
import { Person } from "./person.ts";
import type { Recorder } from "./recorder.ts";
import type { Violation } from "./violation.ts";

export interface Stay {
  readonly person: Person;
  readonly room: Room;
}

/** `stays` are those that are in a room still. */
export async function settle(stage: Stage, recorder: Recorder, stays: readonly Stay[]): Promise<Violation[]> {
  const stuck: Violation[] = [];
  const wait = (room: string, what: string, holds: () => boolean) =>
    eventually(what, holds).catch(() => stuck.push({ name: "stuck", room, about: what }));

  for (const { person } of stays) person.calm();
  await Promise.all(
    stays.map(({ person, room }) =>
      wait(
        room.id,
        `nothing of ${person.name} is on its way`,
        () => room.messages.at(-1)?.status !== "pending" && !recorder.isChanging(room),
      ),
    ),
  );
  const last = await Person.arrive(stage, recorder, "Last");
  for (const roomId of new Set(stays.map(({ room }) => room.id))) {
    const room = await last.join(roomId);
    // What has the last word has everything before it.
    const id = last.say(room, "The last word");
    const there = [...stays.filter((stay) => stay.room.id === roomId), { person: last, room }];
    await Promise.all(
      there.map((stay) => wait(roomId, `${stay.person.name} has the last word`, () => recorder.hasLast(stay.room, id))),
    );
    for (const stay of there) recorder.end(stay.person.guest.userId, stay.room);
    recorder.log(roomId, await readLog(stage.addresses.apiUrl, roomId));
  }
  await last.goodbye();
  return [...stuck, ...check(recorder.history)];
}
