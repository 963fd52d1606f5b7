// What your rooms show in lists: how much is unread, and what was said last. followed-rooms.ts keeps it up to date.
import { computed, signal } from "@preact/signals";
import type { Room, RoomMessage } from "../../../client/src/index.ts";
import { countPeople, formatNumber } from "../text/count.ts";
import { yourRooms } from "./your-rooms.ts";

export interface RoomActivity {
  /** Messages of others after this person's place. */
  readonly unread: number;
  /** Whether there are more unread ones than are loaded. */
  readonly isMore: boolean;
  readonly isMentioned: boolean;
  /** The latest message, or who is here. */
  readonly line: string;
}

/** Why a room is not followed. */
export type Obstacle = "password" | "full" | "over" | "name" | "kicked" | "banned" | "unavailable";

/** By room. Rooms that are not followed, or not yet, have none. */
export const activities = signal<ReadonlyMap<string, RoomActivity>>(new Map());
export const obstacles = signal<ReadonlyMap<string, Obstacle>>(new Map());

/** What the title tells: muted rooms do not count. */
export const unreadInRooms = computed(() => {
  const counted = yourRooms.value.flatMap(({ roomId, isMuted }) => (!isMuted && activities.value.get(roomId)) || []);
  const unread = counted.reduce((sum, each) => sum + each.unread, 0);
  return { unread, isMore: counted.some(({ isMore, unread }) => isMore && unread > 0) };
});

/** The most that is counted. */
const MOST = 99;
/** How much of a message is shown, in UTF-16 code units. */
const MOST_SHOWN = 100;

/** Whether a message counts for a person who has read up to a number. */
export function isUnread(after: number): (message: RoomMessage) => boolean {
  return ({ own, seq = 0, deletedAt }) => !own && seq > after && !deletedAt;
}

/** `isHidden`: whose messages do not count, by user id. */
export function activityOf(
  { messages, first, you, count }: Pick<Room, "messages" | "first" | "you" | "count">,
  after: number,
  isHidden: (userId: string) => boolean,
): RoomActivity {
  const shown = messages.filter(({ own, from }) => own || !isHidden(from.userId));
  const unread = shown.filter(isUnread(after));
  const latest = shown.findLast(({ status, deletedAt }) => status === "sent" && !deletedAt);
  return {
    unread: unread.length,
    isMore: first > after + 1,
    isMentioned: unread.some(({ mentions, mentionsRoom }) => mentionsRoom || mentions.includes(you.userId)),
    line: latest ? `${latest.own ? "You" : latest.from.name}: ${latest.text.slice(0, MOST_SHOWN)}` : companyText(count),
  };
}

/** "3", or "99+". Empty if nothing is unread. */
export function unreadText({ unread, isMore }: Pick<RoomActivity, "unread" | "isMore">): string {
  if (unread === 0) return "";
  return unread > MOST || isMore ? `${formatNumber(Math.min(unread, MOST))}+` : formatNumber(unread);
}

function companyText(count: number): string {
  return count > 1 ? `${countPeople(count)} here` : "Only you are here";
}
