// Shared by the tests under faults: rooms and recorded clients that are removed when the test ends.

import { expect, onTestFinished } from "vitest";
import type { HistoryAccess } from "../../../client/src/protocol.ts";
import { addresses } from "../../support/addresses.ts";
import { type Guest, Stage, withRetries } from "../../support/stage.ts";
import { eventually } from "../../support/until.ts";
import { ChaosClient, type TimingOverrides } from "../chaos-client.ts";
import { finish } from "../finish.ts";
import type { Participant } from "../participant.ts";
import { Recorder } from "../recorder.ts";

export class Fixture {
  readonly recorder = new Recorder();
  readonly roomIds: readonly string[];
  readonly stage: Stage;
  readonly #participants: Participant[] = [];

  private constructor(stage: Stage, roomIds: readonly string[]) {
    this.stage = stage;
    this.roomIds = roomIds;
  }

  static async create(rooms = 1): Promise<Fixture> {
    const stage = new Stage(addresses);
    onTestFinished(() => stage.cleanUp(), 60_000);
    const roomIds: string[] = [];
    while (roomIds.length < rooms) roomIds.push((await stage.room({ name: "Chaos" })).roomId);
    return new Fixture(stage, roomIds);
  }

  /** Joins a new client to the first room, or to `roomId`. */
  async join(name: string, overrides: TimingOverrides = {}, roomId = this.roomIds[0] ?? ""): Promise<Participant> {
    const client = await ChaosClient.create(this.stage, this.recorder, name, overrides);
    onTestFinished(() => client.close());
    const participant = { client, room: await client.join(roomId) };
    this.#participants.push(participant);
    return participant;
  }

  /** Creates a group of new people, owned by the first, who all open it. */
  async group(history: HistoryAccess, names: string[], overrides: TimingOverrides = {}): Promise<Participant[]> {
    const clients = await Promise.all(
      names.map((name) => ChaosClient.create(this.stage, this.recorder, name, overrides)),
    );
    for (const { client } of clients) client.connect();
    onTestFinished(async () => void (await Promise.all(clients.map((client) => client.close()))));
    await eventually("all are connected", () => clients.every(({ client }) => client.state === "open"));
    const [owner, ...others] = clients.map(({ guest }) => guest);
    const members = others.map(({ userId }) => userId);
    const group = await withRetries(
      async () => await (owner as Guest).api.createConversation({ title: "Chaos", members, history }),
    );
    this.recorder.recordConversation(group);
    const opened = clients.map(async (client) => ({ client, room: await client.join(group.room) }));
    const participants = await Promise.all(opened);
    this.#participants.push(...participants);
    return participants;
  }

  /** Ends all faults, waits until everyone has everything, and expects no violation. */
  async expectNoViolations(): Promise<void> {
    expect(await finish(this.stage, this.recorder, this.#participants)).toEqual([]);
  }
}
