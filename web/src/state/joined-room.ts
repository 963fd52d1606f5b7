// The joined room as signals: what the client's Room holds, copied whenever it changes.
import { batch, computed, signal } from "@preact/signals";
import type { Notice, Person, Room, RoomMessage } from "../../../client/src/index.ts";
import { asRoomMessage, unsentIn } from "./outbox.ts";

export interface About {
  name: string;
  topic: string | undefined;
  visibility: string;
  you: Person;
  count: number;
}

const roomId = signal("");
/** As the client has them. */
const logged = signal<readonly RoomMessage[]>([]);

/** In order of their number, one's own unsent ones last. */
export const messages = computed<readonly RoomMessage[]>(() => {
  // What the client is sending is in the outbox as well.
  const isSent = ({ status }: RoomMessage) => status === "sent";
  const said = logged.value.every(isSent) ? logged.value : logged.value.filter(isSent);
  const unsent = unsentIn(roomId.value).filter(({ id }) => !said.some((message) => message.own && message.id === id));
  return unsent.length > 0 ? [...said, ...unsent.map(asRoomMessage)] : said;
});
export const notices = signal<readonly Notice[]>([]);
export const people = signal<readonly Person[]>([]);
export const typing = signal<readonly Person[]>([]);
export const hasOlder = signal(false);
export const epoch = signal("");
export const about = signal<About | undefined>(undefined);
export const yourId = computed(() => about.value?.you.userId ?? "");
export const roomName = computed(() => about.value?.name ?? "");

/** The newest number that was on screen while somebody was looking, and the epoch that it counts in. */
const seen = signal({ epoch: "", seq: 0 });
const newestSeq = computed(() => messages.value.findLast((message) => message.seq !== undefined)?.seq ?? 0);

export const unread = computed(() => {
  const from = seen.value.epoch === epoch.value ? seen.value.seq : 0;
  return messages.value.filter(({ own, seq = 0, deletedAt }) => !own && seq > from && !deletedAt).length;
});

export function markSeen(): void {
  const { epoch: seenEpoch, seq } = seen.peek();
  if (seenEpoch !== epoch.value || seq !== newestSeq.value) seen.value = { epoch: epoch.value, seq: newestSeq.value };
}

/** Shows this room until the returned function is called. */
export function follow(room: Room): () => void {
  copy(room);
  markSeen();
  return room.on("change", () => copy(room));
}

/** Only what is different changes: somebody who types or comes is nothing new to the log. */
function copy(room: Room): void {
  batch(() => {
    roomId.value = room.id;
    logged.value = keepIfSame(logged.peek(), room.messages);
    notices.value = keepIfSame(notices.peek(), room.notices);
    people.value = keepIfSame(people.peek(), room.people);
    typing.value = keepIfSame(typing.peek(), room.typing);
    hasOlder.value = room.hasOlder;
    epoch.value = room.epoch;
    const { name, topic, visibility, you, count } = room;
    const next = { name, topic, visibility, you, count };
    const shown = about.peek();
    if (!shown || !isSame(Object.values(shown), Object.values(next))) about.value = next;
  });
}

function keepIfSame<T>(shown: readonly T[], next: readonly T[]): readonly T[] {
  return isSame(shown, next) ? shown : next;
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one === other || (one.length === other.length && one.every((each, at) => each === other[at]));
}
