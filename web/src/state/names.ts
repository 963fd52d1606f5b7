// The names under which people of the room are known: those who are here, and the authors of the log.
import { computed } from "@preact/signals";
import type { RoomMessage } from "../../../client/src/index.ts";
import { type Mentioned, ROOM_NAME } from "../text/mentions.ts";
import { messages, people, roomDetails, yourId } from "./joined-room.ts";

const names = computed(() => {
  const known = new Map<string, Set<string>>();
  const bots = roomDetails.value?.bots ?? [];
  for (const { userId, name } of [...people.value, ...bots, ...messages.value.map(({ from }) => from)]) {
    known.set(userId, (known.get(userId) ?? new Set()).add(name));
  }
  return known;
});

/** Returns whom a message mentions, under each name that its text may have for them. */
export function mentionedBy({ mentions, mentionsRoom }: RoomMessage): Mentioned[] {
  const people = mentions.flatMap((userId) =>
    [...(names.value.get(userId) ?? [""])].map((name): Mentioned => ({ userId, name })),
  );
  return mentionsRoom ? [...people, { name: ROOM_NAME }] : people;
}

/** Whether a message mentions this person. */
export function mentionsYou({ own, mentions, mentionsRoom }: RoomMessage): boolean {
  return !own && (mentionsRoom || mentions.includes(yourId.value));
}
