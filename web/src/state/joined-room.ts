// The joined room as signals: a copy of the client's Room, updated on each of its changes.
import { batch, computed, signal } from "@preact/signals";
import type {
  Notice,
  Permission,
  Person,
  Restriction,
  Role,
  Room,
  RoomMessage,
  RoomRules,
} from "../../../client/src/index.ts";
import { has } from "./config.ts";
import { nameOf } from "./conversation-name.ts";
import { discard, outbox, outboxEntries, toRoomMessage } from "./outbox.ts";

export interface RoomDetails {
  roomId: string;
  name: string;
  topic: string | undefined;
  visibility: string;
  rules: RoomRules;
  you: Person;
  count: number;
  bots: readonly Person[] | undefined;
  role: Role;
  may: readonly Permission[];
  muted: Restriction | undefined;
}

const roomId = signal("");
/** The client's messages, including the ones that it is sending. */
const clientMessages = signal<readonly RoomMessage[]>([]);

/** In log order, then this person's unsent messages. */
export const messages = computed<readonly RoomMessage[]>(() => {
  // Messages that the client is sending are in the outbox too, so only sent ones count here.
  const isSent = ({ status }: RoomMessage) => status === "sent";
  const sent = clientMessages.value.every(isSent) ? clientMessages.value : clientMessages.value.filter(isSent);
  const unsent = outboxEntries(roomId.value).filter(
    ({ id }) => !sent.some((message) => message.own && message.id === id),
  );
  return unsent.length > 0 ? [...sent, ...unsent.map(toRoomMessage)] : sent;
});
export const notices = signal<readonly Notice[]>([]);
export const people = signal<readonly Person[]>([]);
export const typing = signal<readonly Person[]>([]);
export const hasOlder = signal(false);
/** The numbers of the oldest and the newest event that are loaded. */
export const firstSeq = signal(1);
export const lastSeq = signal(0);
export const epoch = signal("");
export const roomDetails = signal<RoomDetails | undefined>(undefined);
/** Whether a member of the open conversation is connected. */
export const isOnline = ({ userId }: Pick<Person, "userId">) => people.value.some((person) => person.userId === userId);
export const yourId = computed(() => roomDetails.value?.you.userId ?? "");
/** Whether this person may do something in the open room now. */
export const may = (permission: Permission) => roomDetails.value?.may.includes(permission) === true;
export const mayWrite = computed(() => may("write"));
export const isModerator = computed(() => may("kick") && has("moderation"));
export const roomName = computed(() => nameOf(roomId.value, roomDetails.value?.name ?? ""));

/** Copies this room into the signals until the returned function is called. */
export function trackRoom(room: Room): () => void {
  copy(room);
  return room.on("change", () => copy(room));
}

/** Assigns only what differs, so that typing or presence does not render the log again. */
function copy(room: Room): void {
  batch(() => {
    roomId.value = room.id;
    clientMessages.value = keepIfEqual(clientMessages.peek(), room.messages);
    notices.value = keepIfEqual(notices.peek(), room.notices);
    people.value = keepIfEqual(people.peek(), room.people);
    typing.value = keepIfEqual(typing.peek(), room.typing);
    hasOlder.value = room.hasOlder;
    firstSeq.value = room.first;
    lastSeq.value = room.last;
    epoch.value = room.epoch;
    const { name, topic, visibility, rules, you, count, bots, role, may, muted } = room;
    const next = { roomId: room.id, name, topic, visibility, rules, you, count, bots, role, may, muted };
    const current = roomDetails.peek();
    if (!current || !areEqual(Object.values(current), Object.values(next))) roomDetails.value = next;
  });
  // A moderator has approved them.
  const isShown = (id: string) => room.messages.some((message) => message.own && message.id === id && message.seq);
  for (const { id, problem } of outbox.peek()) if (problem === "held" && isShown(id)) discard(id);
}

function keepIfEqual<T>(current: readonly T[], next: readonly T[]): readonly T[] {
  return areEqual(current, next) ? current : next;
}

function areEqual(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one === other || (one.length === other.length && one.every((each, at) => each === other[at]));
}
