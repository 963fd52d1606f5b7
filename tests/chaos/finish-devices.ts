// The end of a run for people's conversations: opens everything on each device, and compares what each device knows with
// what the server says.

import { setTimeout } from "node:timers/promises";
import { type Conversation, ParlorError } from "../../client/src/index.ts";
import { type Guest, withRetries } from "../support/stage.ts";
import { differing } from "./check-devices.ts";
import type { Participant, Wait } from "./finish.ts";
import type { FollowingDevice } from "./following-device.ts";
import { SERVER } from "./history.ts";
import { describe, isConversation, type Recorder } from "./recorder.ts";

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
    const [first] = own;
    let listed: Conversation[] = [];
    const agree = async () => {
      await setTimeout(PAUSE_MS);
      listed = await listAll(guest);
      return own.every((device) => listed.every((fact) => knows(device, fact)));
    };
    await wait("all", `the devices of ${first?.client.name} know what the server says`, agree);
    for (const { client, conversations } of own) {
      const rooms = new Set([...listed, ...conversations.list.filter(({ seq }) => seq > 0)].map(({ room }) => room));
      for (const room of rooms) recorder.recordDescription(client.device, room, conversations.get(room));
    }
    const rooms = new Set(own.flatMap(({ conversations }) => conversations.list.map(({ room }) => room)));
    for (const { room } of listed) rooms.add(room);
    const server = { name: SERVER, userId: guest.userId };
    for (const room of rooms) {
      const fact = listed.find((conversation) => conversation.room === room);
      recorder.recordDescription(server, room, fact);
    }
  });
  await Promise.all(settled);
}

function knows({ conversations }: FollowingDevice, fact: Conversation): boolean {
  const known = conversations.get(fact.room);
  return known !== undefined && differing(describe(known), describe(fact)).length === 0;
}

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
