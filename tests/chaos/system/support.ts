// What the tests under faults share: a stage whose rooms and people go when the test ends.

import { expect, onTestFinished } from "vitest";
import type { Room } from "../../../client/src/index.ts";
import { addresses } from "../../support/addresses.ts";
import { Stage } from "../../support/stage.ts";
import { Person, type Waits } from "../person.ts";
import { Recorder } from "../recorder.ts";
import { type Stay, settle } from "../settle.ts";

/** Rooms of this test's own, with people who are recorded. */
export class Scene {
  readonly recorder = new Recorder();
  readonly roomIds: readonly string[];
  readonly stage: Stage;
  readonly #stays: Stay[] = [];

  private constructor(stage: Stage, roomIds: readonly string[]) {
    this.stage = stage;
    this.roomIds = roomIds;
  }

  static async open(rooms = 1): Promise<Scene> {
    const stage = new Stage(addresses);
    onTestFinished(() => stage.cleanUp(), 60_000);
    const roomIds: string[] = [];
    while (roomIds.length < rooms) roomIds.push((await stage.room({ name: "Chaos" })).roomId);
    return new Scene(stage, roomIds);
  }

  /** Somebody in the room, or in the one of several that is named. */
  async joined(name: string, waits: Waits = {}, roomId = this.roomIds[0] ?? ""): Promise<Stay> {
    const person = await Person.arrive(this.stage, this.recorder, name, waits);
    onTestFinished(() => person.goodbye());
    const stay = { person, room: await person.join(roomId) };
    this.#stays.push(stay);
    return stay;
  }

  /** Ends the talk: everyone has everything, and nothing that must not happen has. */
  async settlesWithoutViolation(): Promise<void> {
    expect(await settle(this.stage, this.recorder, this.#stays)).toEqual([]);
  }
}

export const texts = (room: Room) => room.messages.map(({ text }) => text);
