// The end of a run for people's conversations: opens everything on each device, and compares what each device knows with
// what the server says.

import { setTimeout } from "node:timers/promises";
import { type Conversation, isConversation, ParlorError } from "../../client/src/index.ts";
import { type Guest, withRetries } from "../support/stage.ts";
import { differing } from "./check-devices.ts";
import type { FollowingDevice } from "./following-device.ts";
import { SERVER } from "./history.ts";
import type { Participant, Wait } from "./participant.ts";
import { describe, type Recorder } from "./recorder.ts";

const PAUSE_MS = 1_000;

/**
 * Marks everything as read, and opens what is not open yet. Waits until the conversations that their person is no longer a
 * member of are closed.
 */
export async function openAll(
  devices: readonly FollowingDevice[],
  joined: readonly Participant[],
  wait: Wait,
): Promise<Participant[]> {
  const opened = devices.map(async ({ client, conversations, recorder }) => {
    const listed = await listAll(client.guest);
    for (const conversation of listed) recorder.recordConversation(conversation);
    for (const { room, seq } of conversations.list) conversations.markRead(room, seq);
    const own = joined.filter((participant) => participant.client === client);
    for (const { room } of own.filter(({ room }) => isConversation(room.id))) {
      if (!(await isMember(client.guest, room.id)))
        await wait(room.id, `${client.name} has learned that it is no member`, () => room.session.hasEnded);
    }
    const participants: Participant[] = [];
    for (const { room: id } of listed) {
      const isOpen = own.some(({ room }) => room.id === id && !room.session.hasEnded);
      if (!isOpen) participants.push({ client, room: await client.join(id) });
    }
    return participants;
  });
  return (await Promise.all(opened)).flat();
}

/** Records what each device knows, once it is what the server says. */
export async function expectKnown(devices: readonly FollowingDevice[], recorder: Recorder, wait: Wait): Promise<void> {
  const people = new Set(devices.map(({ client }) => client.guest));
  const settled = [...people].map(async (guest) => {
    const own = devices.filter(({ client }) => client.guest === guest);
    const names = own.map(({ client }) => client.name).join(" and ");
    let listed: Conversation[] = [];
    const agree = async () => {
      await setTimeout(PAUSE_MS);
      listed = await listAll(guest);
      return own.every((device) => roomsOf(listed, device).every((room) => agrees(device, room, listed)));
    };
    await wait("all", `${names} know what the server says`, agree);
    for (const room of roomsOf(listed, ...own)) {
      recorder.recordDescription({ name: SERVER, userId: guest.userId }, room, find(listed, room));
      for (const { client, conversations } of own)
        recorder.recordDescription(client.device, room, conversations.get(room));
    }
  });
  await Promise.all(settled);
}

/** Returns all rooms that the server lists or a device knows. Nobody is told of direct ones in which nothing was sent. */
function roomsOf(listed: readonly Conversation[], ...devices: FollowingDevice[]): string[] {
  const known = devices.flatMap(({ conversations }) => conversations.list.filter(({ seq }) => seq > 0));
  return [...new Set([...listed, ...known].map(({ room }) => room))];
}

function agrees({ conversations }: FollowingDevice, room: string, listed: readonly Conversation[]): boolean {
  const [known, fact] = [conversations.get(room), find(listed, room)];
  return known !== undefined && fact !== undefined && differing(describe(known), describe(fact)).length === 0;
}

const find = (listed: readonly Conversation[], id: string) => listed.find(({ room }) => room === id);

async function listAll({ api }: Guest): Promise<Conversation[]> {
  const listed: Conversation[] = [];
  let cursor: string | undefined;
  do {
    const page = { limit: 50, ...(cursor !== undefined && { cursor }) };
    const list = await withRetries(() => api.conversations(page));
    listed.push(...list.conversations);
    cursor = list.cursor;
  } while (cursor !== undefined);
  return listed;
}

async function isMember({ api }: Guest, room: string): Promise<boolean> {
  try {
    await withRetries(() => api.conversation(room));
    return true;
  } catch (error) {
    if (error instanceof ParlorError && error.code === "roomNotFound") return false;
    throw error;
  }
}
