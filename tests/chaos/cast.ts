// Who takes part in a random run: people with one or two devices each, in rooms, groups and direct conversations.

import type { Room } from "../../client/src/index.ts";
import { type Stage, withRetries } from "../support/stage.ts";
import { eventually } from "../support/until.ts";
import { ChaosClient } from "./chaos-client.ts";
import { FollowingDevice } from "./following-device.ts";
import type { Random } from "./random.ts";
import { randomFaults } from "./random-faults.ts";
import { RandomMember } from "./random-member.ts";
import { RandomUser } from "./random-user.ts";
import type { Recorder } from "./recorder.ts";

const PEOPLE = 12;
const PEOPLE_PER_SECOND_DEVICE = 3;
const ROOMS = 4;
const ROOMS_PER_DEVICE = 2;
export const GROUPS = 4;
const FIRST_MEMBERS = 5;

export interface Cast {
  /** One for each device. */
  readonly users: readonly RandomUser[];
  /** Those of the users, and one without faults of a person who never leaves any group. */
  readonly devices: readonly FollowingDevice[];
}

export async function assemble(stage: Stage, recorder: Recorder, random: Random): Promise<Cast> {
  const roomIds = await times(ROOMS, async () => (await stage.room({ name: "Chaos" })).roomId);
  const keeper = new FollowingDevice(await ChaosClient.create(stage, recorder, "Keeper"), recorder);
  const devices = (await times(PEOPLE, (n) => devicesOf(stage, recorder, n))).flat();
  const people = [...new Set(devices.map(({ client }) => client.guest))];
  const all = [keeper, ...devices];
  // Only who is connected can be found.
  await eventually("everyone is connected", () => all.every(({ client }) => client.client.state === "open"));
  await times(GROUPS, async (g) => {
    const [owner, ...others] = Array.from({ length: FIRST_MEMBERS }, (_, n) => people[(g * 3 + n) % PEOPLE]);
    const members = [keeper.client.guest, ...others].flatMap((guest) => guest?.userId ?? []);
    const group = { title: "Chaos", members, history: g % 2 === 0 ? ("joined" as const) : ("all" as const) };
    if (owner) recorder.recordConversation(await withRetries(() => owner.api.createConversation(group)));
  });
  await eventually("everyone knows their groups", () => devices.every(({ conversations }) => conversations.isLoaded));
  const users = await times(devices.length, async (n) => {
    const device = devices[n] as FollowingDevice;
    const { client } = device;
    client.proxy.rules = randomFaults(client.proxy, random.fork());
    const [memberChoices, choices] = [random.fork(), random.fork()];
    const rooms: Room[] = [];
    for (let r = 0; r < ROOMS_PER_DEVICE; r++) rooms.push(await client.join(roomIds[(n + r) % ROOMS] ?? ""));
    const others = people.map(({ userId }) => userId).filter((userId) => userId !== client.guest.userId);
    const member = new RandomMember(device, rooms, others, memberChoices);
    // So some people's second device receives without having opened anything.
    if (n === 0 || devices[n - 1]?.client.guest !== client.guest) await member.start();
    return new RandomUser(client, rooms, member, choices);
  });
  return { users, devices: all };
}

/** Connects the devices of the person with this number. */
async function devicesOf(stage: Stage, recorder: Recorder, n: number): Promise<FollowingDevice[]> {
  const first = await ChaosClient.create(stage, recorder, `P${n + 1}`, timing);
  const devices = [new FollowingDevice(first, recorder)];
  if (n % PEOPLE_PER_SECOND_DEVICE === 0) {
    const second = await ChaosClient.create(stage, recorder, `P${n + 1}b`, timing, first.guest);
    devices.push(new FollowingDevice(second, recorder));
  }
  return devices;
}

const times = <T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));

// Each changeover joins all rooms again, and pings are frames too: most of the load should be what people do.
const timing = { changeoverMs: [20_000, 120_000], heartbeatMs: 6_000 } as const;
